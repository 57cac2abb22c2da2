#include "tests/support/test.h"

#include "protocol/dns/dns-text.h"
#include "sim/loopback/loopback-dns.h"
#include "sim/naming/local-resolver.h"
#include "tests/sim/naming/naming-samples.h"

/* A server of the sample tree on a free port, and dig to ask it. */
typedef struct {
    NamingTree *tree;
    LocalResolver *resolver;
    LoopbackDns *dns;
    GMainContext *context;
    char *dig;
    GBytes *last_answer;
} Scene;

static bool answer(ByteSpan question, bool over_tcp, ByteBuffer *out, gpointer data)
{
    Scene *scene = data;
    bool is_answered = local_resolver_answer(scene->resolver, question, over_tcp, 0, out);
    ByteSpan octets = byte_buffer_span(out);
    g_clear_pointer(&scene->last_answer, g_bytes_unref);
    scene->last_answer = g_bytes_new(octets.data, octets.length);
    return is_answered;
}

static void set_scene(Scene *scene)
{
    g_autoptr(GError) error = NULL;
    *scene = (Scene){.tree = sample_tree(), .dig = g_find_program_in_path("dig")};
    DnsName big;
    assert_true(dns_name_from_text("big.hamburger.edu", &big));
    for (guint8 i = 0; i < 120; i++) {
        dns_zone_add_address(
            naming_tree_zone(scene->tree, "hamburger.edu"), &big, (guint8[]){10, 9, 8, i}, 4
        );
    }
    sample_zone_text(
        scene->tree,
        "hamburger.edu",
        "a-rather-long-name-for-a-host A 192.0.2.81\n"
        "eight7.x TXT \"a \\\"b\\\" \\195\\170\" two\n"
        "_25._tcp.mail TLSA 3 1 1 "
        "0C72AC70B745AC19998811B131D662C9AC69DBDBE7CB23E5B514B56664C5D3D6\n"
        "_imap._tcp SRV 0 1 143 mail\n"
        "@ CAA 0 issue \"ca.example\"\n"
        "odd TYPE65280 \\# 3 abcdef\n"
        "b\\.c A 192.0.2.82\n"
    );
    sample_complete(scene->tree);
    scene->resolver = local_resolver_new(scene->tree);
    scene->context = g_main_context_new();
    g_main_context_push_thread_default(scene->context);
    scene->dns = loopback_dns_new("127.0.0.1", 0, answer, scene, &error);
    if (scene->dns == NULL) {
        fail_msg("%s", error->message);
    }
}

static void strike_scene(Scene *scene)
{
    loopback_dns_free(scene->dns);
    local_resolver_free(scene->resolver);
    naming_tree_free(scene->tree);
    g_main_context_pop_thread_default(scene->context);
    g_main_context_unref(scene->context);
    g_clear_pointer(&scene->last_answer, g_bytes_unref);
    g_free(scene->dig);
}

typedef struct {
    char *output;
    bool has_ended;
} Run;

static void on_ended(GObject *source, GAsyncResult *result, gpointer data)
{
    Run *run = data;
    g_autoptr(GError) error = NULL;
    run->has_ended = true;
    if (!g_subprocess_communicate_utf8_finish(
            G_SUBPROCESS(source), result, &run->output, NULL, &error
        )) {
        fail_msg("%s", error->message);
    }
}

/* What dig prints; 'arguments' end with NULL. */
static char *dig(Scene *scene, const char *const *arguments)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    g_autofree char *port = g_strdup_printf("%u", loopback_dns_port(scene->dns));
    const char *const first[] = {scene->dig, "@127.0.0.1", "-p", port, "+tries=1", "+time=5"};
    Run run = {0};
    for (gsize i = 0; i < G_N_ELEMENTS(first); i++) {
        g_ptr_array_add(all, (gpointer)first[i]);
    }
    for (gsize i = 0; arguments[i] != NULL; i++) {
        g_ptr_array_add(all, (gpointer)arguments[i]);
    }
    g_ptr_array_add(all, NULL);
    g_autoptr(GSubprocess) process =
        g_subprocess_newv((const char *const *)all->pdata, G_SUBPROCESS_FLAGS_STDOUT_PIPE, NULL);
    assert_non_null(process);
    g_subprocess_communicate_utf8_async(process, NULL, NULL, on_ended, &run);
    while (!run.has_ended) {
        g_main_context_iteration(scene->context, TRUE);
    }
    return run.output;
}

/* dig finds what the simulated resolver finds, over UDP and TCP, cut answers too. */
static void test_dig_agrees(void **state)
{
    static const struct {
        const char *name;
        const char *type;
    } cases[] = {
        {"hamburger.edu", "MX"},
        {"mail.hamburger.edu", "A"},
        {"mail.hamburger.edu", "AAAA"},
        {"www.hamburger.edu", "A"},
        {"pop.hamburger.edu", "A"},
        {"hamburger.edu", "TXT"},
        {"hamburger.edu", "SOA"},
        {"hamburger.edu", "NS"},
        {"null.crepes.fr", "MX"},
        {"nobody.hamburger.edu", "A"},
        {"mail.hamburger.edu", "MX"},
        {"big.hamburger.edu", "A"},
        {"any.lab.hamburger.edu", "A"},
        {"_25._tcp.mail.hamburger.edu", "TLSA"},
        {"odd.hamburger.edu", "TYPE65280"},
    };

    Scene scene;
    (void)state;
    set_scene(&scene);
    if (scene.dig == NULL) {
        strike_scene(&scene);
        print_message("# there is no dig on this machine: nothing was compared\n");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        static const char *const ways[] = {"+notcp", "+tcp", "+noedns"};
        guint16 type = 0;
        DnsName name = sample_name(cases[i].name);
        assert_true(dns_type_from_text(cases[i].type, &type));
        g_autoptr(LocalResolver) other = local_resolver_new(scene.tree);
        g_autoptr(DnsAnswer) found = local_resolver_look_up(other, &name, type, 0);
        g_autoptr(GString) expected = g_string_new(NULL);
        for (guint j = 0; j < found->sets->len; j++) {
            const DnsRecordSet *set = g_array_index(found->sets, DnsAnswerSet, j).set;
            for (guint k = 0; k < dns_record_set_count(set); k++) {
                dns_record_set_text(set, k, expected);
                g_string_append_c(expected, '\n');
            }
        }
        for (gsize j = 0; j < G_N_ELEMENTS(ways); j++) {
            const char *arguments[] = {ways[j], "+short", cases[i].name, cases[i].type, NULL};
            g_autofree char *output = dig(&scene, arguments);
            assert_string_equal(output, expected->str);
        }
    }
    strike_scene(&scene);
}

/* The lines from the flags on, without what differs from run to run. */
static char *comparable(const char *text)
{
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    GString *out = g_string_new(NULL);
    bool has_begun = false;
    for (gsize i = 0; lines[i] != NULL; i++) {
        has_begun = has_begun || g_str_has_prefix(lines[i], ";; Got answer:");
        bool is_volatile = g_str_has_prefix(lines[i], ";; Query time:") ||
                           g_str_has_prefix(lines[i], ";; SERVER:") ||
                           g_str_has_prefix(lines[i], ";; WHEN:");
        if (has_begun && !is_volatile) {
            g_string_append_printf(out, "%s\n", lines[i]);
        }
    }
    return g_string_free(out, FALSE);
}

/* What this program prints of a message is what dig prints of the same one. */
static void test_printed_alike(void **state)
{
    static const char *const cases[][3] = {
        {"hamburger.edu", "MX", "+rec"},
        {"hamburger.edu", "MX", "+norec"},
        {"hamburger.edu", "SOA", "+rec"},
        {"hamburger.edu", "CAA", "+rec"},
        {"www.hamburger.edu", "A", "+rec"},
        {"nobody.hamburger.edu", "A", "+rec"},
        {"a-rather-long-name-for-a-host.hamburger.edu", "A", "+rec"},
        {"eight7.x.hamburger.edu", "TXT", "+rec"},
        {"_25._tcp.mail.hamburger.edu", "TLSA", "+rec"},
        {"_imap._tcp.hamburger.edu", "SRV", "+rec"},
        {"odd.hamburger.edu", "TYPE65280", "+rec"},
        {"b\\.c.hamburger.edu", "A", "+rec"},
        {"mail.hamburger.edu", "AAAA", "+noedns"},
        {"edu", "NS", "+norec"},
        {".", "NS", "+norec"},
        {"hamburger.edu", "AXFR", "+norec"},
    };
    Scene scene;
    (void)state;
    set_scene(&scene);
    if (scene.dig == NULL) {
        strike_scene(&scene);
        print_message("# there is no dig on this machine: nothing was compared\n");
        return;
    }
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        bool is_transfer = strcmp(cases[i][1], "AXFR") == 0;
        const char *arguments[] = {cases[i][2], "+nocookie", cases[i][0], cases[i][1], NULL};
        g_autofree char *output = dig(&scene, arguments);
        if (is_transfer) {
            assert_non_null(strstr(output, "Transfer failed"));
            continue;
        }
        gsize length = 0;
        const void *octets = g_bytes_get_data(scene.last_answer, &length);
        DnsTextFooter footer = DNS_TEXT_NO_FOOTER;
        g_autoptr(GString) own = g_string_new(NULL);
        dns_text_message(byte_span(octets, length), &footer, own);
        g_autofree char *theirs = comparable(output);
        g_autofree char *ours = comparable(own->str);
        assert_string_equal(ours, theirs);
    }
    strike_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_dig_agrees),
        cmocka_unit_test(test_printed_alike),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
