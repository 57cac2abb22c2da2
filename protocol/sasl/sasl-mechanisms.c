#include "protocol/sasl/sasl-tables.h"

#define MECHANISM .protocol = VOCABULARY_SASL, .kind = VOCABULARY_MECHANISM

/* In the order of their names, as they are searched. LOGIN, NTLM and XOAUTH2 are in no RFC: the
 * place cited is the register of mechanisms, or what took their place. */
const SaslMechanismRow sasl_mechanisms[SASL_MECHANISM_COUNT] = {
    {
        .item =
            {
                MECHANISM,
                .token = "ANONYMOUS",
                .meaning =
                    "No proof at all: the client leaves a trace, such as an address, if it likes.",
                .reference = {4505, "2"},
                .since = 2245,
                .syntax = "trace",
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "CRAM-MD5",
                .meaning = "The client sends a digest of challenge and password, not the password.",
                .reference = {2195, "2"},
                .since = 2095,
                .syntax = "name digest",
                .is_secret = true,
            },
    },
    {
        .item =
            {
                MECHANISM,
                .token = "DIGEST-MD5",
                .meaning = "A digest over password and random values of both sides; out of use.",
                .reference = {2831, "2"},
                .replaced_by = "SCRAM-SHA-256",
                .syntax = "name=\"value\", ...",
                .is_secret = true,
            },
    },
    {
        .item =
            {
                MECHANISM,
                .token = "EXTERNAL",
                .meaning =
                    "The client is known from elsewhere, for instance by its TLS certificate.",
                .reference = {4422, "A"},
                .since = 2222,
                .syntax = "[authorization identity]",
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "GS2-KRB5",
                .meaning =
                    "Kerberos V5 in the newer form, which can be tied to the TLS connection.",
                .reference = {5801, "3.4"},
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "GSSAPI",
                .meaning = "A Kerberos ticket proves who the client is; no password is sent.",
                .reference = {4752, "3"},
                .since = 2222,
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "KERBEROS_V4",
                .meaning = "A ticket of Kerberos version 4 proves who the client is; out of use.",
                .reference = {2222, "7.1"},
                .replaced_by = "GSSAPI",
                .is_secret = true,
            },
    },
    {
        .item =
            {
                MECHANISM,
                .token = "LOGIN",
                .meaning =
                    "Name and password one after the other; no RFC, only an old draft, has it.",
                .reference = {4422, "7.1"},
                .replaced_by = "PLAIN",
                .syntax = "name, then password",
                .is_secret = true,
            },
        .shows_password = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "NTLM",
                .meaning = "Challenge and response as in Windows networks; no RFC has it.",
                .reference = {4422, "7.1"},
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "OAUTH10A",
                .meaning = "A signed OAuth 1.0a request lets the client in.",
                .reference = {7628, "3"},
                .syntax = "n,a=name,^Ahost=...^Aport=...^Aauth=OAuth ...^A^A",
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "OAUTHBEARER",
                .meaning = "A token that another server gave out lets the client in.",
                .reference = {7628, "3.1"},
                .syntax = "n,a=name,^Ahost=...^Aport=...^Aauth=Bearer token^A^A",
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "OTP",
                .meaning = "Each password is used once; the server says which one is due.",
                .reference = {2444, "4"},
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "PLAIN",
                .meaning = "Name and password as they are: safe only inside TLS.",
                .reference = {4616, "2"},
                .since = 2595,
                .syntax = "[authorization identity] NUL name NUL password",
                .is_secret = true,
            },
        .client_speaks_first = true,
        .shows_password = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "SCRAM-SHA-1",
                .meaning = "Both sides prove that they know the password, and neither sends it.",
                .reference = {5802, "5"},
                .syntax = "n,,n=name,r=nonce",
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "SCRAM-SHA-1-PLUS",
                .meaning = "SCRAM-SHA-1, tied to the TLS connection that carries it.",
                .reference = {5802, "4"},
                .syntax = "p=tls-unique,,n=name,r=nonce",
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "SCRAM-SHA-256",
                .meaning = "As SCRAM-SHA-1, but with the stronger SHA-256.",
                .reference = {7677, "3"},
                .syntax = "n,,n=name,r=nonce",
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "SCRAM-SHA-256-PLUS",
                .meaning = "SCRAM-SHA-256, tied to the TLS connection that carries it.",
                .reference = {7677, "3"},
                .syntax = "p=tls-unique,,n=name,r=nonce",
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "SKEY",
                .meaning = "One-time passwords in an early form; out of use.",
                .reference = {2222, "7.3"},
                .replaced_by = "OTP",
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
    {
        .item =
            {
                MECHANISM,
                .token = "XOAUTH2",
                .meaning = "A token in Google's own form; the form that an RFC has is OAUTHBEARER.",
                .reference = {7628, "3"},
                .replaced_by = "OAUTHBEARER",
                .syntax = "user=name^Aauth=Bearer token^A^A",
                .is_secret = true,
            },
        .client_speaks_first = true,
    },
};
