#include "tests/support/test.h"

#include "protocol/encoding/base64.h"
#include "protocol/sasl/sasl-client.h"
#include "protocol/sasl/sasl-server.h"

#include <gsasl.h>

#define HOST "crepes.fr"

static const char *const mechanisms[] = {
    "PLAIN",
    "LOGIN",
    "CRAM-MD5",
    "DIGEST-MD5",
    "SCRAM-SHA-1",
    "SCRAM-SHA-256",
};

/* What was said, one line each: "C: ..." and "S: ...", then how it ended. */
typedef struct {
    GString *lines;
    SaslServerStep step;
    SaslFailure failure;
    bool is_proven;
    char *identity;
} Talk;

static void talk_clear(Talk *talk)
{
    g_string_free(talk->lines, TRUE);
    g_free(talk->identity);
}

static void note(Talk *talk, char side, ByteSpan line)
{
    g_string_append_printf(
        talk->lines, "%c: %.*s\n", side, (int)line.length, (const char *)line.data
    );
}

static Talk
run(const char *mechanism,
    const SaslClientOptions *options,
    const char *password,
    bool early,
    guint64 seed)
{
    Talk talk = {.lines = g_string_new(NULL)};
    SaslServerOptions server_options = {.service = "smtp", .host_name = HOST, .seed = seed};
    ByteSpan name = byte_span_from_string(mechanism);
    g_autoptr(SaslServer) server = sasl_server_new(name, &server_options);
    g_autoptr(SaslClient) client = sasl_client_new(name, options);
    ByteSpan initial = BYTE_SPAN_EMPTY;
    if (early && sasl_client_speaks_first(client)) {
        initial = sasl_client_begin(client);
        note(&talk, 'C', initial);
    }
    talk.step = sasl_server_begin(server, initial);
    while (talk.step == SASL_SERVER_CHALLENGE || talk.step == SASL_SERVER_PASSWORD) {
        if (talk.step == SASL_SERVER_PASSWORD) {
            talk.step = sasl_server_answer_password(server, password);
            continue;
        }
        note(&talk, 'S', sasl_server_challenge(server));
        SaslClientStep answer = sasl_client_challenge(client, sasl_server_challenge(server));
        ByteSpan line =
            answer == SASL_CLIENT_RESPONSE ? sasl_client_response(client) : BYTE_SPAN_LITERAL("*");
        note(&talk, 'C', line);
        talk.step = sasl_server_respond(server, line);
    }
    talk.failure = sasl_server_failure(server);
    talk.is_proven = sasl_client_is_proven(client);
    talk.identity = g_strdup(sasl_server_identity(server));
    return talk;
}

typedef struct {
    const char *claim;
    const char *identity;
    const char *said;          /* the client's password */
    const char *known;         /* the server's; NULL: no such user */
    const char *authorization; /* PLAIN, DIGEST-MD5, SCRAM */
    SaslFailure failure;
} Case;

static const Case cases[] = {
    {.claim = "the right password", .identity = "alice", .said = "butter", .known = "butter"},
    {
        .claim = "a wrong password",
        .identity = "alice",
        .said = "butter",
        .known = "Butter",
        .failure = SASL_FAILURE_CREDENTIALS,
    },
    {
        .claim = "nobody of that name",
        .identity = "mallory",
        .said = "butter",
        .failure = SASL_FAILURE_CREDENTIALS,
    },
    {
        .claim = "signs that need quoting",
        .identity = "al,i=c\"e\\",
        .said = "=,\"\\ :",
        .known = "=,\"\\ :",
    },
    {
        .claim = "letters outside ASCII",
        .identity = "andr\xc3\xa9",
        .said = "cr\xc3\xaape \xce\xb1",
        .known = "cr\xc3\xaape \xce\xb1",
    },
};

static void every_mechanism_judges_passwords(void **state)
{
    (void)state;
    for (gsize m = 0; m < G_N_ELEMENTS(mechanisms); m++) {
        for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
            const Case *test = &cases[i];
            SaslClientOptions options = {
                .service = "smtp",
                .host_name = HOST,
                .identity = test->identity,
                .password = test->said,
                .seed = 7,
            };
            for (int early = 0; early < 2; early++) {
                Talk talk = run(mechanisms[m], &options, test->known, early == 1, 42);
                bool is_good = test->failure == SASL_FAILURE_NONE;
                SaslServerStep wanted = is_good ? SASL_SERVER_SUCCESS : SASL_SERVER_FAILURE;
                if (talk.step != wanted || talk.failure != test->failure) {
                    fail_msg("%s: %s\n%s", mechanisms[m], test->claim, talk.lines->str);
                }
                assert_string_equal(talk.identity, test->identity);
                assert_true(talk.is_proven || !is_good);
                talk_clear(&talk);
            }
        }
    }
}

static void the_same_seed_gives_the_same_octets(void **state)
{
    (void)state;
    SaslClientOptions options = {
        .service = "smtp",
        .host_name = HOST,
        .identity = "alice",
        .password = "butter",
        .seed = 7,
    };
    for (gsize m = 0; m < G_N_ELEMENTS(mechanisms); m++) {
        Talk first = run(mechanisms[m], &options, "butter", true, 42);
        Talk second = run(mechanisms[m], &options, "butter", true, 42);
        Talk other = run(mechanisms[m], &options, "butter", true, 43);
        assert_string_equal(first.lines->str, second.lines->str);
        assert_int_equal(strcmp(first.lines->str, other.lines->str) == 0, m < 2);
        talk_clear(&first);
        talk_clear(&second);
        talk_clear(&other);
    }
}

static void acting_for_another_is_refused(void **state)
{
    (void)state;
    const char *const with_other[] = {"PLAIN", "DIGEST-MD5", "SCRAM-SHA-1", "SCRAM-SHA-256"};
    for (gsize m = 0; m < G_N_ELEMENTS(with_other); m++) {
        SaslClientOptions options = {
            .service = "smtp",
            .host_name = HOST,
            .identity = "alice",
            .password = "butter",
            .authorization = "bob",
        };
        Talk talk = run(with_other[m], &options, "butter", true, 42);
        assert_int_equal(talk.failure, SASL_FAILURE_AUTHORIZATION);
        talk_clear(&talk);
        options.authorization = "alice";
        talk = run(with_other[m], &options, "butter", true, 42);
        assert_int_equal(talk.step, SASL_SERVER_SUCCESS);
        talk_clear(&talk);
    }
}

/* The example of RFC 2195 §2. */
static void cram_md5_is_that_of_the_rfc(void **state)
{
    (void)state;
    SaslClientOptions options = {
        .service = "imap",
        .host_name = HOST,
        .identity = "tim",
        .password = "tanstaaftanstaaf",
    };
    g_autoptr(SaslClient) client = sasl_client_new(BYTE_SPAN_LITERAL("cram-md5"), &options);
    assert_int_equal(
        sasl_client_challenge(
            client, BYTE_SPAN_LITERAL("PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+")
        ),
        SASL_CLIENT_RESPONSE
    );
    assert_span(sasl_client_response(client), "dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw");
}

typedef struct {
    const char *claim;
    const char *mechanism;
    const char *initial;
    const char *response; /* decoded here; NULL: none */
    const char *line;     /* as it stands; NULL: 'response' */
    SaslFailure failure;
} BrokenCase;

static const BrokenCase broken[] = {
    {"cancelled", "PLAIN", "", NULL, "*", SASL_FAILURE_CANCELLED},
    {"no base64", "PLAIN", "", NULL, "b?b", SASL_FAILURE_BASE64},
    {"base64 cut", "PLAIN", "YWxpY2", NULL, NULL, SASL_FAILURE_BASE64},
    {"early", "CRAM-MD5", "YWxp", NULL, NULL, SASL_FAILURE_UNEXPECTED},
    {"empty", "PLAIN", "=", NULL, NULL, SASL_FAILURE_SYNTAX},
    {"one part", "PLAIN", "", "alice", NULL, SASL_FAILURE_SYNTAX},
    {"no name", "LOGIN", "=", "butter", NULL, SASL_FAILURE_SYNTAX},
    {"no space", "CRAM-MD5", "", "alice", NULL, SASL_FAILURE_SYNTAX},
    {"not UTF-8", "CRAM-MD5", "", "al\xff 00", NULL, SASL_FAILURE_SYNTAX},
    {"no list", "DIGEST-MD5", "", "alice", NULL, SASL_FAILURE_SYNTAX},
    {"open quote", "DIGEST-MD5", "", "username=\"alice", NULL, SASL_FAILURE_SYNTAX},
    {"no proof", "DIGEST-MD5", "", "username=\"alice\"", NULL, SASL_FAILURE_SYNTAX},
    {"binding", "SCRAM-SHA-1", "", "p=tls-unique,,n=a,r=b", NULL, SASL_FAILURE_SYNTAX},
    {"extension", "SCRAM-SHA-1", "", "n,,m=x,n=a,r=b", NULL, SASL_FAILURE_SYNTAX},
    {"bare equals", "SCRAM-SHA-256", "", "n,,n=a=b,r=b", NULL, SASL_FAILURE_SYNTAX},
    {"no nonce", "SCRAM-SHA-256", "", "n,,n=a,r=", NULL, SASL_FAILURE_SYNTAX},
};

static void broken_responses_fail(void **state)
{
    (void)state;
    SaslServerOptions options = {.service = "smtp", .host_name = HOST};
    for (gsize i = 0; i < G_N_ELEMENTS(broken); i++) {
        const BrokenCase *test = &broken[i];
        g_autoptr(SaslServer) server =
            sasl_server_new(byte_span_from_string(test->mechanism), &options);
        SaslServerStep step = sasl_server_begin(server, byte_span_from_string(test->initial));
        if (step == SASL_SERVER_CHALLENGE) {
            g_autofree char *encoded =
                test->line != NULL
                    ? g_strdup(test->line)
                    : g_base64_encode((const guchar *)test->response, strlen(test->response));
            step = sasl_server_respond(server, byte_span_from_string(encoded));
        }
        if (step != SASL_SERVER_FAILURE || sasl_server_failure(server) != test->failure) {
            fail_msg("%s %s: step %d", test->mechanism, test->claim, (int)step);
        }
    }
}

static void the_best_mechanism_is_chosen(void **state)
{
    (void)state;

    static const struct {
        const char *offered;
        bool shows_password;
        const char *chosen;
    } choices[] = {
        {"PLAIN LOGIN CRAM-MD5", true, "CRAM-MD5"},
        {"plain login", true, "PLAIN"},
        {"PLAIN LOGIN", false, NULL},
        {"GSSAPI NTLM", true, NULL},
        {"SCRAM-SHA-1 SCRAM-SHA-256 SCRAM-SHA-256-PLUS", false, "SCRAM-SHA-256"},
        {"", true, NULL},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(choices); i++) {
        const char *chosen = sasl_client_choose(
            byte_span_from_string(choices[i].offered), choices[i].shows_password
        );
        assert_string_equal(
            chosen == NULL ? "none" : chosen, choices[i].chosen == NULL ? "none" : choices[i].chosen
        );
    }
}

/* A server that never proves itself is not believed, however it ends. */
static void a_server_must_prove_itself(void **state)
{
    (void)state;
    SaslClientOptions options = {
        .service = "smtp",
        .host_name = HOST,
        .identity = "alice",
        .password = "butter",
    };
    g_autoptr(SaslClient) client = sasl_client_new(BYTE_SPAN_LITERAL("SCRAM-SHA-1"), &options);
    sasl_client_begin(client);
    assert_false(sasl_client_is_proven(client));
    g_autofree char *foreign = g_base64_encode((const guchar *)"r=abc,s=QUJD,i=4096", 19);
    assert_int_equal(
        sasl_client_challenge(client, byte_span_from_string(foreign)), SASL_CLIENT_CANCEL
    );
    assert_false(sasl_client_is_proven(client));
}

/* GNU SASL in the other's place. The name is ASCII: in DIGEST-MD5 it turns only the password to
 * ISO 8859-1, where RFC 2831 §2.1.2.1 speaks of name and password. */
static int give_properties(Gsasl *context, Gsasl_session *session, Gsasl_property property)
{
    (void)context;
    switch ((int)property) {
    case GSASL_AUTHID:
        return gsasl_property_set(session, property, "alice");
    case GSASL_PASSWORD:
        return gsasl_property_set(session, property, "cr\xc3\xaape");
    case GSASL_SERVICE:
        return gsasl_property_set(session, property, "smtp");
    case GSASL_REALM:
    case GSASL_HOSTNAME:
        return gsasl_property_set(session, property, HOST);
    case GSASL_QOPS:
        return gsasl_property_set(session, property, "qop-auth");
    case GSASL_QOP:
        return gsasl_property_set(session, property, "qop-auth");
    default:
        return GSASL_NO_CALLBACK;
    }
}

static void gnu_sasl_takes_our_client(void **state)
{
    Gsasl *context = *state;
    SaslClientOptions options = {
        .service = "smtp",
        .host_name = HOST,
        .identity = "alice",
        .password = "cr\xc3\xaape",
        .seed = 11,
    };
    for (gsize m = 0; m < G_N_ELEMENTS(mechanisms); m++) {
        Gsasl_session *session = NULL;
        assert_int_equal(gsasl_server_start(context, mechanisms[m], &session), GSASL_OK);
        g_autoptr(SaslClient) client =
            sasl_client_new(byte_span_from_string(mechanisms[m]), &options);
        g_autofree char *line = sasl_client_speaks_first(client)
                                    ? byte_span_to_string(sasl_client_begin(client))
                                    : NULL;
        int result = GSASL_NEEDS_MORE;
        while (result == GSASL_NEEDS_MORE) {
            char *challenge = NULL;
            result = gsasl_step64(session, line, &challenge);
            if (result != GSASL_OK && result != GSASL_NEEDS_MORE) {
                fail_msg("%s: %s", mechanisms[m], gsasl_strerror_name(result));
            }
            if (challenge != NULL && (result == GSASL_NEEDS_MORE || challenge[0] != '\0')) {
                assert_int_equal(
                    sasl_client_challenge(client, byte_span_from_string(challenge)),
                    SASL_CLIENT_RESPONSE
                );
                g_free(line);
                line = byte_span_to_string(sasl_client_response(client));
            }
            gsasl_free(challenge);
        }
        assert_true(sasl_client_is_proven(client));
        gsasl_finish(session);
    }
}

static void our_server_takes_gnu_sasl(void **state)
{
    Gsasl *context = *state;
    SaslServerOptions options = {.service = "smtp", .host_name = HOST, .seed = 12};
    for (gsize m = 0; m < G_N_ELEMENTS(mechanisms); m++) {
        Gsasl_session *session = NULL;
        assert_int_equal(gsasl_client_start(context, mechanisms[m], &session), GSASL_OK);
        g_autoptr(SaslServer) server =
            sasl_server_new(byte_span_from_string(mechanisms[m]), &options);
        SaslServerStep step = sasl_server_begin(server, BYTE_SPAN_EMPTY);
        while (step == SASL_SERVER_CHALLENGE || step == SASL_SERVER_PASSWORD) {
            if (step == SASL_SERVER_PASSWORD) {
                step = sasl_server_answer_password(server, "cr\xc3\xaape");
                continue;
            }
            g_autofree char *challenge = byte_span_to_string(sasl_server_challenge(server));
            char *line = NULL;
            int result = gsasl_step64(session, challenge, &line);
            if (result != GSASL_OK && result != GSASL_NEEDS_MORE) {
                fail_msg("%s: %s", mechanisms[m], gsasl_strerror_name(result));
            }
            step = sasl_server_respond(server, byte_span_from_string(line));
            gsasl_free(line);
        }
        if (step != SASL_SERVER_SUCCESS) {
            fail_msg("%s: failure %d", mechanisms[m], (int)sasl_server_failure(server));
        }
        assert_string_equal(sasl_server_identity(server), "alice");
        gsasl_finish(session);
    }
}

static int set_up(void **state)
{
    Gsasl *context = NULL;
    if (gsasl_init(&context) != GSASL_OK) {
        return -1;
    }
    gsasl_callback_set(context, give_properties);
    *state = context;
    return 0;
}

static int tear_down(void **state)
{
    gsasl_done(*state);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_mechanism_judges_passwords),
        cmocka_unit_test(the_same_seed_gives_the_same_octets),
        cmocka_unit_test(acting_for_another_is_refused),
        cmocka_unit_test(cram_md5_is_that_of_the_rfc),
        cmocka_unit_test(broken_responses_fail),
        cmocka_unit_test(the_best_mechanism_is_chosen),
        cmocka_unit_test(a_server_must_prove_itself),
        cmocka_unit_test(gnu_sasl_takes_our_client),
        cmocka_unit_test(our_server_takes_gnu_sasl),
    };
    return cmocka_run_group_tests_name("sasl-engines", tests, set_up, tear_down);
}
