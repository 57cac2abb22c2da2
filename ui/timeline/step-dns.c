/* DNS questions and answers as steps. */

#include "ui/timeline/step-builder-private.h"

#include "protocol/dns/dns-message.h"
#include "protocol/dns/dns-text.h"

#define RECORDS_SHOWN 32

static const char *kind_title(DnsExchangeKind kind)
{
    static const char *const titles[] = {
        [DNS_EXCHANGE_QUESTION] = "question",
        [DNS_EXCHANGE_REPEATED] = "repeated question",
        [DNS_EXCHANGE_ANSWER] = "answer",
        [DNS_EXCHANGE_UNASKED] = "answer without a question",
        [DNS_EXCHANGE_MISMATCH] = "answer to another question",
        [DNS_EXCHANGE_ANSWERED] = "second answer",
        [DNS_EXCHANGE_UNREADABLE] = "unreadable",
    };
    return titles[kind];
}

static void add_records(Step *step, ByteSpan message)
{
    DnsReader reader;
    DnsRecord record;
    guint shown = 0;
    if (!dns_reader_begin(&reader, message)) {
        return;
    }
    while (shown < RECORDS_SHOWN && dns_reader_next(&reader, &record)) {
        if (record.section == DNS_SECTION_QUESTION || record.type == DNS_TYPE_OPT) {
            continue;
        }
        g_autoptr(GString) text = g_string_new(NULL);
        dns_text_record(message, &record, text);
        g_strdelimit(text->str, "\t", ' ');
        g_autofree char *safe = step_safe_text(byte_span(text->str, text->len));
        static const char *const sections[] = {"", "answer", "authority", "additional"};
        step_detail(step, 0, sections[record.section], "%s", safe);
        shown++;
    }
}

/* Who speaks to whom: a look-up goes from hand to hand, and its messages look alike. */
static char *who_to_whom(const Step *step, DnsExchangeKind kind)
{
    switch (kind) {
    case DNS_EXCHANGE_QUESTION:
        return g_strdup_printf("%s asks %s.", step->from, step->to);
    case DNS_EXCHANGE_REPEATED:
        return g_strdup_printf("%s asks %s again: no answer has come.", step->from, step->to);
    case DNS_EXCHANGE_ANSWER:
        if (step->answers > 0 && step->duration_ns >= 0) {
            g_autofree char *after = step_duration_text(step->duration_ns);
            return g_strdup_printf(
                "%s answers %s, %s after the question (step %" G_GUINT64_FORMAT ").",
                step->from,
                step->to,
                after,
                step->answers
            );
        }
        return g_strdup_printf("%s answers %s.", step->from, step->to);
    case DNS_EXCHANGE_UNASKED:
        return g_strdup_printf(
            "From %s to %s; the question is not in the capture.", step->from, step->to
        );
    case DNS_EXCHANGE_MISMATCH:
        return g_strdup_printf(
            "From %s to %s; it does not fit the question that was asked.", step->from, step->to
        );
    case DNS_EXCHANGE_ANSWERED:
        return g_strdup_printf("From %s to %s, after another answer.", step->from, step->to);
    case DNS_EXCHANGE_UNREADABLE:
        return g_strdup_printf("From %s to %s.", step->from, step->to);
    }
    return NULL;
}

void step_take_dns(StepBuilder *builder, Talk *talk, const DissectEvent *event)
{
    bool asks = event->exchange.kind == DNS_EXCHANGE_QUESTION ||
                event->exchange.kind == DNS_EXCHANGE_REPEATED;
    Step *step = step_of_event(builder, talk, asks ? STEP_DNS_QUESTION : STEP_DNS_ANSWER, event);
    g_autoptr(GString) meaning = g_string_new(NULL);
    dns_meaning(event->octets, meaning);
    g_free(step->from);
    g_free(step->to);
    step->from = step_side_name(builder, &event->source);
    step->to = step_side_name(builder, &event->destination);
    step->from_port = event->source_port;
    step->to_port = event->destination_port;
    step->is_from_server = !asks;
    step->protocol = mail_protocol_name(MAIL_PROTOCOL_DNS);
    step->title = g_strdup(kind_title(event->exchange.kind));
    step->text = step_safe_text(byte_span(meaning->str, meaning->len));
    step->meaning = g_strdup(step->text);
    step->octets = event->octets.length;
    step_add_reference(step, (RfcReference){1035, asks ? "4.1.2" : "4.1.3"});
    if (!asks) {
        step->level = STEP_LEVEL_STORY;
        add_records(step, event->octets);
    }
    if (event->exchange.kind == DNS_EXCHANGE_ANSWER) {
        step->duration_ns = event->time_ns - event->exchange.time_us * 1000;
    }
    step->why = who_to_whom(step, event->exchange.kind);
    step_give(builder, step);
}
