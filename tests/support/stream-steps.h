#pragma once

/* Short forms for the steps of tests/support/stream-recorder.h. */

#include "tests/support/stream-recorder.h"

#define CLIENT_SYN                                                                                 \
    {                                                                                              \
        .from = 'c', .flags = "S"                                                                  \
    }
#define SERVER_SYN                                                                                 \
    {                                                                                              \
        .from = 's', .flags = "SA", .acknowledgement = 1                                           \
    }
#define CLIENT_ACK                                                                                 \
    {                                                                                              \
        .from = 'c', .flags = "A", .sequence = 1, .acknowledgement = 1                             \
    }
#define HANDSHAKE CLIENT_SYN, SERVER_SYN, CLIENT_ACK

#define SEGMENT(side, sequence_value, acknowledgement_value, ...)                                  \
    {                                                                                              \
        .from = (side), .flags = "A", .sequence = (sequence_value),                                \
        .acknowledgement = (acknowledgement_value), __VA_ARGS__                                    \
    }
#define CLIENT(sequence, acknowledgement, text_value)                                              \
    SEGMENT('c', sequence, acknowledgement, .text = (text_value))
#define SERVER(sequence, acknowledgement, text_value)                                              \
    SEGMENT('s', sequence, acknowledgement, .text = (text_value))
#define CLIENT_FIN(sequence_value, acknowledgement_value)                                          \
    {                                                                                              \
        .from = 'c', .flags = "FA", .sequence = (sequence_value),                                  \
        .acknowledgement = (acknowledgement_value)                                                 \
    }
#define SERVER_FIN(sequence_value, acknowledgement_value)                                          \
    {                                                                                              \
        .from = 's', .flags = "FA", .sequence = (sequence_value),                                  \
        .acknowledgement = (acknowledgement_value)                                                 \
    }

/* What the log says of HANDSHAKE. */
#define ESTABLISHED "open c\nc syn 0\ns syn-ack 0\nc established 0\n"

typedef struct {
    const char *name;
    StreamStep steps[24];
    const char *expected; /* behind ESTABLISHED */
} StreamCase;
