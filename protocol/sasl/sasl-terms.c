#include "protocol/sasl/sasl-tables.h"

#define TERM(name, ...)                                                                            \
    {                                                                                              \
        .protocol = VOCABULARY_SASL, .kind = VOCABULARY_##name, __VA_ARGS__                        \
    }

/* Attributes inside the messages of a mechanism, limits, rules, and what older documents meant. */
const VocabularyItem sasl_terms[SASL_TERM_COUNT] = {
    TERM(
        MECHANISM,
        .token = "ANONYMOUS",
        .context = "RFC 2245",
        .meaning = "The first form of ANONYMOUS.",
        .reference = {2245, "2"},
        .replaced_by = "ANONYMOUS of RFC 4505"
    ),
    TERM(
        MECHANISM,
        .token = "DIGEST-MD5",
        .context = "historic",
        .meaning = "Why it is historic: too many options, weak MD5, hard to make work.",
        .reference = {6331, "1"},
        .replaced_by = "SCRAM-SHA-256"
    ),
    TERM(
        MECHANISM,
        .token = "EXTERNAL",
        .context = "RFC 2222",
        .meaning = "The first form of EXTERNAL, in the RFC that began SASL.",
        .reference = {2222, "7.4"},
        .replaced_by = "EXTERNAL of RFC 4422"
    ),
    TERM(
        MECHANISM,
        .token = "GSSAPI",
        .context = "RFC 2222",
        .meaning = "The first form of GSSAPI, in the RFC that began SASL.",
        .reference = {2222, "7.2"},
        .replaced_by = "GSSAPI of RFC 4752"
    ),
    TERM(
        MECHANISM,
        .token = "PLAIN",
        .context = "RFC 2595",
        .meaning = "The first form of PLAIN, in the RFC about TLS for IMAP and POP3.",
        .reference = {2595, "6"},
        .replaced_by = "PLAIN of RFC 4616"
    ),
    TERM(
        PARAMETER,
        .token = "a",
        .context = "SCRAM",
        .meaning = "On whose behalf the client acts, where that is somebody else.",
        .reference = {5802, "5.1"},
        .syntax = "a=authorization identity"
    ),
    TERM(
        PARAMETER,
        .token = "c",
        .context = "SCRAM",
        .meaning = "What the proof is tied to: the first message, and the TLS connection if any.",
        .reference = {5802, "5.1"},
        .syntax = "c=base64"
    ),
    TERM(
        PARAMETER,
        .token = "e",
        .context = "SCRAM",
        .meaning = "Why the authentication failed.",
        .reference = {5802, "5.1"},
        .syntax = "e=error"
    ),
    TERM(
        PARAMETER,
        .token = "i",
        .context = "SCRAM",
        .meaning = "How often the password is hashed: 4096 times at least.",
        .reference = {5802, "5.1"},
        .syntax = "i=count"
    ),
    TERM(
        PARAMETER,
        .token = "m",
        .context = "SCRAM",
        .meaning = "Kept for later; whoever meets it must stop.",
        .reference = {5802, "5.1"}
    ),
    TERM(
        PARAMETER,
        .token = "n",
        .context = "SCRAM",
        .meaning = "The name of the user.",
        .reference = {5802, "5.1"},
        .syntax = "n=name"
    ),
    TERM(
        PARAMETER,
        .token = "p",
        .context = "SCRAM",
        .meaning = "The proof of the client that it knows the password.",
        .reference = {5802, "5.1"},
        .syntax = "p=base64"
    ),
    TERM(
        PARAMETER,
        .token = "r",
        .context = "SCRAM",
        .meaning = "A random text, begun by the client and lengthened by the server.",
        .reference = {5802, "5.1"},
        .syntax = "r=nonce"
    ),
    TERM(
        PARAMETER,
        .token = "s",
        .context = "SCRAM",
        .meaning = "The salt that is hashed together with the password.",
        .reference = {5802, "5.1"},
        .syntax = "s=base64"
    ),
    TERM(
        PARAMETER,
        .token = "v",
        .context = "SCRAM",
        .meaning = "The signature by which the server proves that it knows the user.",
        .reference = {5802, "5.1"},
        .syntax = "v=base64"
    ),
    TERM(
        PARAMETER,
        .token = "cnonce",
        .context = "DIGEST-MD5",
        .meaning = "A random text of the client.",
        .reference = {2831, "2.1.2"}
    ),
    TERM(
        PARAMETER,
        .token = "digest-uri",
        .context = "DIGEST-MD5",
        .meaning = "Service and host, such as smtp/mail.crepes.fr.",
        .reference = {2831, "2.1.2"}
    ),
    TERM(
        PARAMETER,
        .token = "nc",
        .context = "DIGEST-MD5",
        .meaning = "How often the nonce of the server has been used, in hexadecimal.",
        .reference = {2831, "2.1.2"}
    ),
    TERM(
        PARAMETER,
        .token = "nonce",
        .context = "DIGEST-MD5",
        .meaning = "A random text of the server.",
        .reference = {2831, "2.1.1"}
    ),
    TERM(
        PARAMETER,
        .token = "qop",
        .context = "DIGEST-MD5",
        .meaning = "What is wanted: a login only, or protection of what follows as well.",
        .reference = {2831, "2.1.1"}
    ),
    TERM(
        PARAMETER,
        .token = "realm",
        .context = "DIGEST-MD5",
        .meaning = "The collection of accounts that the name belongs to.",
        .reference = {2831, "2.1.1"}
    ),
    TERM(
        PARAMETER,
        .token = "response",
        .context = "DIGEST-MD5",
        .meaning = "The digest that proves the password.",
        .reference = {2831, "2.1.2.1"}
    ),
    TERM(
        PARAMETER,
        .token = "rspauth",
        .context = "DIGEST-MD5",
        .meaning = "The digest by which the server proves that it knows the password, too.",
        .reference = {2831, "2.1.3"}
    ),
    TERM(
        PARAMETER,
        .token = "auth",
        .context = "OAUTHBEARER",
        .meaning = "What an HTTP request would have in Authorization: the token.",
        .reference = {7628, "3.1"},
        .syntax = "auth=Bearer token"
    ),
    TERM(
        PARAMETER,
        .token = "host",
        .context = "OAUTHBEARER",
        .meaning = "The host to which the client connected.",
        .reference = {7628, "3.1"},
        .syntax = "host=name"
    ),
    TERM(
        PARAMETER,
        .token = "port",
        .context = "OAUTHBEARER",
        .meaning = "The port to which the client connected.",
        .reference = {7628, "3.1"},
        .syntax = "port=number"
    ),
    TERM(
        LIMIT,
        .token = "mechanism name length",
        .meaning = "A name has at most 20 characters: capitals, digits, - and _.",
        .reference = {4422, "3.1"}
    ),
    TERM(
        LIMIT,
        .token = "SCRAM iteration count",
        .meaning = "The server ought to ask for 4096 rounds or more.",
        .reference = {7677, "3"}
    ),
    TERM(
        RULE,
        .token = "authentication exchange",
        .meaning = "The client names a mechanism; then challenges and responses alternate.",
        .reference = {4422, "3"},
        .since = 2222
    ),
    TERM(
        RULE,
        .token = "authentication outcome",
        .meaning = "At the end the server says whether the client is who it says it is.",
        .reference = {4422, "3.6"}
    ),
    TERM(
        RULE,
        .token = "authorization identity",
        .meaning = "On whose behalf the client acts; empty: on its own.",
        .reference = {4422, "3.4.1"}
    ),
    TERM(
        RULE,
        .token = "cancelling",
        .meaning = "Either side can break off; the client says \"*\" in SMTP, POP3 and IMAP.",
        .reference = {4422, "3.5"}
    ),
    TERM(
        RULE,
        .token = "channel binding",
        .meaning = "The proof covers the TLS connection, so nobody in between can use it.",
        .reference = {5802, "6"}
    ),
    TERM(
        RULE,
        .token = "downgrade attack",
        .meaning = "Somebody on the path strikes out the strong mechanisms of the list.",
        .reference = {4422, "6.1.2"}
    ),
    TERM(
        RULE,
        .token = "SASL",
        .meaning = "One framework for logging in, shared by SMTP, POP3, IMAP and others.",
        .reference = {4422, "1"},
        .since = 2222
    ),
    TERM(
        RULE,
        .token = "SCRAM algorithm",
        .meaning = "How the keys and the proof are made from password, salt and count.",
        .reference = {5802, "3"}
    ),
    TERM(
        RULE,
        .token = "SCRAM exchange",
        .meaning = "Four messages: client first, server first, client final, server final.",
        .reference = {5802, "5"}
    ),
    TERM(
        RULE,
        .token = "SCRAM names",
        .meaning = "SCRAM-, the hash function, and -PLUS where it is tied to TLS.",
        .reference = {5802, "4"}
    ),
    TERM(
        RULE,
        .token = "security layer",
        .meaning = "Some mechanisms can encrypt what follows; hardly used beside TLS.",
        .reference = {4422, "3.7"}
    ),
};
