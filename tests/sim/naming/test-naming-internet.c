#include "tests/support/test.h"

#include "sim/naming/naming-internet.h"
#include "sim/network/frame-log.h"

/* Two organisations, their names, and whatever a look-up on one of their hosts finds. */
typedef struct {
    SimWorld *world;
    SimInternet *internet;
    NamingInternet *naming;
    SimNetwork *crepes;
    SimHost *alice;
    HostResolver *stub;
    FrameLog *frames;
    GString *events;
    GString *found;
    guint done;
} Scene;

static void observe(const WorldEvent *event, gpointer data)
{
    Scene *scene = data;
    if (event->kind == WORLD_EVENT_NAME) {
        g_string_append_printf(scene->events, "%s: %s\n", sim_host_name(event->host), event->text);
        assert_non_null(world_event_field(event, "outcome"));
    }
}

static DnsZone *zone(NamingTree *tree, const char *origin, const char *text)
{
    DnsZone *made = naming_tree_zone(tree, origin);
    g_autoptr(GError) error = NULL;
    if (!dns_zone_parse(made, text, &error)) {
        fail_msg("%s", error->message);
    }
    return made;
}

static void set_scene(Scene *scene)
{
    g_autoptr(GError) error = NULL;
    *scene = (Scene){.world = sim_world_new(1)};
    scene->internet = sim_internet_new(scene->world);
    scene->frames = frame_log_new(0);
    scene->events = g_string_new(NULL);
    scene->found = g_string_new(NULL);
    sim_tap_world(scene->world, frame_log_tap, scene->frames);
    sim_world_add_observer(scene->world, observe, scene);
    scene->crepes = sim_internet_network(scene->internet, "crepes.fr");
    SimNetwork *hamburger = sim_internet_network(scene->internet, "hamburger.edu");
    scene->alice = sim_network_host(scene->crepes, "alice-pc.crepes.fr");
    NamingTree *tree = naming_tree_new(2026010500);
    zone(tree, "crepes.fr", "@ MX 10 mail\n");
    DnsZone *edu = zone(tree, "hamburger.edu", "@ MX 10 mail\n@ MX 20 backup\n");
    DnsName big;
    assert_true(dns_name_from_text("big.hamburger.edu", &big));
    for (guint8 i = 0; i < 120; i++) {
        dns_zone_add_address(edu, &big, (guint8[]){10, 9, 8, i}, 4);
    }
    scene->naming = naming_internet_new(scene->internet, tree, &error);
    if (scene->naming == NULL) {
        fail_msg("%s", error->message);
    }
    SimHost *mail = sim_network_host(hamburger, "mail.hamburger.edu");
    assert_true(naming_internet_name_host(scene->naming, "mail.hamburger.edu", mail, &error));
    scene->stub = naming_internet_stub(scene->naming, scene->alice, scene->crepes);
    assert_non_null(scene->stub);
}

static void strike_scene(Scene *scene)
{
    sim_world_free(scene->world);
    frame_log_free(scene->frames);
    g_string_free(scene->events, TRUE);
    g_string_free(scene->found, TRUE);
}

static void note(const DnsAnswer *answer, gpointer data)
{
    Scene *scene = data;
    const DnsRecordSet *set = dns_answer_records(answer);
    scene->done++;
    g_string_truncate(scene->found, 0);
    if (answer->outcome != DNS_OUTCOME_FOUND) {
        g_string_append(scene->found, dns_outcome_name(answer->outcome));
    }
    for (guint i = 0; set != NULL && i < dns_record_set_count(set); i++) {
        g_string_append(scene->found, i > 0 ? ", " : "");
        dns_record_set_text(set, i, scene->found);
    }
}

/* What a host finds, and how long it took. */
static SimTime look_up(Scene *scene, const char *name_text, guint16 type)
{
    SimTime before = sim_world_now(scene->world);
    guint done = scene->done;
    DnsName name;
    assert_true(dns_name_from_text(name_text, &name));
    host_resolver_look_up(scene->stub, &name, type, note, scene);
    assert_int_equal(scene->done, done);
    while (scene->done == done && sim_world_step(scene->world)) {
    }
    assert_int_equal(scene->done, done + 1);
    return sim_world_now(scene->world) - before;
}

static void test_look_ups(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene);
    SimTime first = look_up(&scene, "hamburger.edu", DNS_TYPE_MX);
    assert_string_equal(scene.found->str, "10 mail.hamburger.edu., 20 backup.hamburger.edu.");
    assert_true(first > 30 * SIM_MILLISECOND && first < SIM_SECOND);
    SimTime second = look_up(&scene, "hamburger.edu", DNS_TYPE_MX);
    assert_true(second < 5 * SIM_MILLISECOND);
    look_up(&scene, "mail.hamburger.edu", DNS_TYPE_A);
    char text[SIM_ADDRESS_TEXT_SIZE];
    SimHost *mail = sim_host_find(scene.world, "mail.hamburger.edu");
    assert_string_equal(
        scene.found->str, sim_address_format(sim_host_address(mail, SIM_FAMILY_IPV4), text)
    );
    DnsName reverse;
    dns_name_reverse(sim_host_address(mail, SIM_FAMILY_IPV4)->octets, 4, &reverse);
    g_autofree char *reverse_text = dns_name_to_string(&reverse);
    look_up(&scene, reverse_text, DNS_TYPE_PTR);
    assert_string_equal(scene.found->str, "mail.hamburger.edu.");
    look_up(&scene, "nobody.hamburger.edu", DNS_TYPE_A);
    assert_string_equal(scene.found->str, "NXDOMAIN");
    look_up(&scene, "big.hamburger.edu", DNS_TYPE_A);
    assert_true(g_str_has_prefix(scene.found->str, "10.9.8.0, 10.9.8.1, "));
    assert_true(g_str_has_suffix(scene.found->str, "10.9.8.119"));
    assert_non_null(strstr(
        scene.events->str,
        "dns.crepes.fr: hamburger.edu MX: 10 mail.hamburger.edu., 20 backup.hamburger.edu.\n"
        "alice-pc.crepes.fr: hamburger.edu MX: 10 mail.hamburger.edu., 20 backup.hamburger.edu.\n"
        "dns.crepes.fr: hamburger.edu MX: 10 mail.hamburger.edu., 20 backup.hamburger.edu. "
        "(remembered)\n"
    ));
    strike_scene(&scene);
}

/* The name server is down, refuses, or hides: each looks different. */
static void test_failures(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene);
    SimHost *server = sim_host_find(scene.world, "ns1.hamburger.edu");
    SimHost *resolver = sim_host_find(scene.world, "dns.crepes.fr");
    assert_non_null(server);
    look_up(&scene, "crepes.fr", DNS_TYPE_MX);
    dns_service_stop(
        dns_server_host_service(naming_internet_server(scene.naming, "ns1.hamburger.edu"))
    );
    SimTime quick = look_up(&scene, "hamburger.edu", DNS_TYPE_MX);
    assert_string_equal(scene.found->str, "SERVFAIL");
    assert_true(quick < SIM_SECOND);
    sim_host_set_port_policy(resolver, 53, SIM_PORT_SILENT);
    SimTime slow = look_up(&scene, "hamburger.edu", DNS_TYPE_TXT);
    assert_string_equal(scene.found->str, "no answer");
    assert_int_equal(slow, 15 * SIM_SECOND);
    strike_scene(&scene);
}

/* A world that ends in the middle of a look-up leaves nothing behind. */
static void test_end_in_the_middle(void **state)
{
    Scene scene;
    DnsName name;
    (void)state;
    for (guint steps = 0; steps < 120; steps += 7) {
        set_scene(&scene);
        assert_true(dns_name_from_text("big.hamburger.edu", &name));
        host_resolver_look_up(scene.stub, &name, DNS_TYPE_A, note, &scene);
        for (guint i = 0; i < steps; i++) {
            sim_world_step(scene.world);
        }
        strike_scene(&scene);
    }
}

static void test_cancel(void **state)
{
    Scene scene;
    DnsName name;
    (void)state;
    set_scene(&scene);
    assert_true(dns_name_from_text("hamburger.edu", &name));
    guint64 lookup = host_resolver_look_up(scene.stub, &name, DNS_TYPE_MX, note, &scene);
    host_resolver_cancel(scene.stub, lookup);
    while (sim_world_step(scene.world)) {
    }
    assert_int_equal(scene.done, 0);
    strike_scene(&scene);
}

/* The same seed gives the same frames, octet for octet. */
static void test_same_frames(void **state)
{
    g_autoptr(GBytes) first = NULL;
    (void)state;
    for (guint run = 0; run < 2; run++) {
        Scene scene;
        set_scene(&scene);
        look_up(&scene, "hamburger.edu", DNS_TYPE_MX);
        look_up(&scene, "big.hamburger.edu", DNS_TYPE_A);
        g_autoptr(GBytes) frames = frame_log_to_pcap(scene.frames);
        const char *path = g_getenv("MAILWALK_TEST_PCAP");
        if (path != NULL) {
            gsize length = 0;
            const char *octets = g_bytes_get_data(frames, &length);
            assert_true(g_file_set_contents(path, octets, (gssize)length, NULL));
        }
        if (run == 0) {
            first = g_bytes_ref(frames);
        } else {
            assert_true(g_bytes_equal(first, frames));
        }
        strike_scene(&scene);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_look_ups),
        cmocka_unit_test(test_failures),
        cmocka_unit_test(test_end_in_the_middle),
        cmocka_unit_test(test_cancel),
        cmocka_unit_test(test_same_frames),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
