#include "tests/support/test.h"

#include "sim/naming/mail-route.h"
#include "sim/naming/naming-internet.h"

typedef struct {
    SimWorld *world;
    HostResolver *stub;
    NamingInternet *naming;
    GString *found;
    guint done;
} Scene;

static void note(const MailRoute *route, gpointer data)
{
    Scene *scene = data;
    scene->done++;
    g_string_truncate(scene->found, 0);
    if (route->failure != NULL) {
        g_string_append_printf(scene->found, "%s %s", route->enhanced_code, route->failure);
        assert_int_equal(route->is_permanent, route->enhanced_code[0] == '5');
    }
    for (guint i = 0; i < route->targets->len; i++) {
        char text[SIM_ADDRESS_TEXT_SIZE];
        const MailRouteTarget *target = &g_array_index(route->targets, MailRouteTarget, i);
        g_string_append_printf(
            scene->found,
            "%s%u %s %s",
            i > 0 ? ", " : "",
            target->preference,
            target->name,
            sim_address_format(&target->address, text)
        );
    }
    g_string_append(scene->found, route->is_implicit ? " implicit" : "");
}

static void set_scene(Scene *scene, guint64 seed)
{
    static const char *const text = "@ MX 20 backup\n"
                                    "@ MX 10 mail\n"
                                    "mail A 10.1.1.25\n"
                                    "mail A 10.1.1.26\n"
                                    "backup AAAA 2001:db8:9::9\n"
                                    "host A 10.1.1.80\n"
                                    "alias CNAME host\n"
                                    "to-mx CNAME @\n"
                                    "null MX 0 .\n"
                                    "bare TXT \"nothing\"\n"
                                    "dead MX 10 nowhere\n"
                                    "some MX 10 nowhere\n"
                                    "some MX 20 mail\n"
                                    "equal MX 10 host\n"
                                    "equal MX 10 mail\n"
                                    "ours MX 10 mail\n"
                                    "ours MX 20 relay.crepes.fr.\n"
                                    "ours MX 20 host\n"
                                    "ours MX 30 backup\n"
                                    "only-ours MX 5 RELAY.crepes.fr.\n";
    *scene = (Scene){.world = sim_world_new(seed), .found = g_string_new(NULL)};
    SimInternet *internet = sim_internet_new(scene->world);
    SimNetwork *crepes = sim_internet_network(internet, "crepes.fr");
    SimHost *relay = sim_network_host(crepes, "relay.crepes.fr");
    NamingTree *tree = naming_tree_new(1);
    naming_tree_zone(tree, "crepes.fr");
    assert_true(dns_zone_parse(naming_tree_zone(tree, "hamburger.edu"), text, NULL));
    scene->naming = naming_internet_new(internet, tree, NULL);
    assert_non_null(scene->naming);
    scene->stub = naming_internet_stub(scene->naming, relay, crepes);
}

static void strike_scene(Scene *scene)
{
    sim_world_free(scene->world);
    g_string_free(scene->found, TRUE);
}

static void find(Scene *scene, const char *domain, const char *expected)
{
    guint done = scene->done;
    mail_route_find(scene->stub, domain, "relay.crepes.fr", note, scene);
    assert_int_equal(scene->done, done);
    while (scene->done == done && sim_world_step(scene->world)) {
    }
    if (expected != NULL) {
        assert_string_equal(scene->found->str, expected);
    }
}

static void test_routes(void **state)
{
    static const struct {
        const char *domain;
        const char *expected;
    } cases[] = {
        {"hamburger.edu",
         "10 mail.hamburger.edu 10.1.1.25, 10 mail.hamburger.edu 10.1.1.26, "
         "20 backup.hamburger.edu 2001:db8:9::9"},
        {"host.hamburger.edu", "0 host.hamburger.edu 10.1.1.80 implicit"},
        {"alias.hamburger.edu", "0 host.hamburger.edu 10.1.1.80 implicit"},
        {"to-mx.hamburger.edu",
         "10 mail.hamburger.edu 10.1.1.25, 10 mail.hamburger.edu 10.1.1.26, "
         "20 backup.hamburger.edu 2001:db8:9::9"},
        {"null.hamburger.edu", "5.1.10 null.hamburger.edu takes no mail (null MX)"},
        {"nobody.hamburger.edu", "5.1.2 nobody.hamburger.edu does not exist"},
        {"nowhere.xyz", "5.1.2 nowhere.xyz does not exist"},
        {"bare.hamburger.edu",
         "5.4.4 bare.hamburger.edu has no mail server with an address"
         " implicit"},
        {"dead.hamburger.edu", "5.4.4 dead.hamburger.edu has no mail server with an address"},
        {"some.hamburger.edu", "20 mail.hamburger.edu 10.1.1.25, 20 mail.hamburger.edu 10.1.1.26"},
        {"ours.hamburger.edu", "10 mail.hamburger.edu 10.1.1.25, 10 mail.hamburger.edu 10.1.1.26"},
        {"only-ours.hamburger.edu",
         "5.4.6 only-ours.hamburger.edu names this very server as its mail server"},
        {"[192.0.2.25]", "0 [192.0.2.25] 192.0.2.25"},
        {"[IPv6:2001:db8::25]", "0 [IPv6:2001:db8::25] 2001:db8::25"},
        {"a..b", "5.1.2 a..b does not exist"},
    };

    Scene scene;
    (void)state;
    set_scene(&scene, 3);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        find(&scene, cases[i].domain, cases[i].expected);
    }
    strike_scene(&scene);
}

/* Servers that do not answer are no reason to give a message up. */
static void test_failing_servers(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, 3);
    dns_service_stop(
        dns_server_host_service(naming_internet_server(scene.naming, "ns1.hamburger.edu"))
    );
    find(&scene, "hamburger.edu", "4.4.3 hamburger.edu cannot be looked up now");
    strike_scene(&scene);
}

/* Equal preferences: both orders come up, each seed always with its own. */
static void test_equal_preferences(void **state)
{
    guint mail_first = 0;
    (void)state;
    for (guint64 seed = 1; seed <= 8; seed++) {
        bool first[2];
        for (guint run = 0; run < 2; run++) {
            Scene scene;
            set_scene(&scene, seed);
            find(&scene, "equal.hamburger.edu", NULL);
            first[run] = g_str_has_prefix(scene.found->str, "10 mail.hamburger.edu");
            strike_scene(&scene);
        }
        assert_int_equal(first[0], first[1]);
        mail_first += first[0];
    }
    assert_true(mail_first > 0 && mail_first < 8);
}

static void test_cancel(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene, 3);
    for (guint steps = 0; steps < 60; steps += 5) {
        MailRouteSearch *search = mail_route_find(scene.stub, "hamburger.edu", NULL, note, &scene);
        guint done = scene.done;
        for (guint i = 0; i < steps && scene.done == done; i++) {
            sim_world_step(scene.world);
        }
        if (scene.done == done) {
            mail_route_cancel(search);
        }
    }
    strike_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_routes),
        cmocka_unit_test(test_failing_servers),
        cmocka_unit_test(test_equal_preferences),
        cmocka_unit_test(test_cancel),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
