#pragma once

/* What conversations need of the dissector that owns them. */

#include "dissect/conversation/dissector.h"

/* Fills in the step where 'takes_step', tells the sink, unless --stream asks for another. */
void dissector_emit(Dissector *dissector, DissectEvent *event, bool takes_step);

bool dissector_trusts_replies(const Dissector *dissector);

guint64 dissector_next_step(Dissector *dissector);

/* A DNS message seen in 'event' (addresses, pieces and octets are set): pairs and emits it. */
void dissector_emit_dns(Dissector *dissector, DissectEvent *event);

MailProtocol
dissector_port_protocol(const Dissector *dissector, const Stream *stream, bool *out_is_by_option);
