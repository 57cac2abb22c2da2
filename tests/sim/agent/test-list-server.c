/* A mailing list: the new envelope, the list's fields, reports that the members never see, the
 * digest, joining and leaving by mail. */

#include "tests/sim/agent/mail-world.h"

#include "protocol/message/mime-tree.h"
#include "sim/agent/list-server.h"

#define ALICE "alice@crepes.fr"
#define BOB "bob@hamburger.edu"
#define CAROL "carol@hamburger.edu"
#define CATS "cats@lists.example"

typedef struct {
    MailWorld world;
    MailSite *crepes;
    MailSite *burger;
    MailSite *lists;
    ListServer *list;
} Scene;

static void scene_init(Scene *scene, bool is_closed)
{
    mail_world_init(&scene->world, 1);
    scene->crepes = mail_world_add(&scene->world, "crepes.fr", mail_world_options());
    scene->burger = mail_world_add(&scene->world, "hamburger.edu", mail_world_options());
    scene->lists = mail_world_add(&scene->world, "lists.example", mail_world_options());
    mail_site_add_mailbox(scene->crepes, ALICE);
    mail_site_add_mailbox(scene->burger, BOB);
    mail_site_add_mailbox(scene->burger, CAROL);
    ListServerOptions options = {
        .address = CATS,
        .title = "All about cats",
        .owner = CAROL,
        .is_closed = is_closed,
        .bounce_limit = 2,
        .digest_at = 18 * SIM_HOUR,
    };
    scene->list = list_server_new(scene->lists->agent, &options);
    mail_world_start(&scene->world);
    list_server_add_member(scene->list, ALICE, false);
    list_server_add_member(scene->list, BOB, false);
}

static void scene_clear(Scene *scene, const char *name)
{
    mail_world_close(&scene->world);
    list_server_free(scene->list);
    mail_world_clear(&scene->world, name);
}

static void post(Scene *scene, const char *subject)
{
    mail_world_send_text(&scene->world, scene->crepes, ALICE, CATS, subject, "Meow.\n");
    mail_world_run(&scene->world, SIM_MINUTE);
}

static void test_expansion(void **state)
{
    static const char *const fields[] = {
        "Return-Path: <cats-bounces@lists.example>\r\n",
        "List-Id: All about cats <cats.lists.example>\r\n",
        "List-Post: <mailto:cats@lists.example>\r\n",
        "List-Unsubscribe: <mailto:cats-request@lists.example?subject=unsubscribe>\r\n",
        "From: alice@crepes.fr\r\n",
        "To: cats@lists.example\r\n",
    };
    Scene scene;
    (void)state;
    scene_init(&scene, false);
    post(&scene, "Fur");
    assert_int_equal(mail_site_count(scene.crepes, ALICE), 1); /* she is a member */
    assert_int_equal(mail_site_count(scene.burger, BOB), 1);
    g_autofree char *text = mail_site_text(scene.burger, BOB, 0);
    for (gsize i = 0; i < G_N_ELEMENTS(fields); i++) {
        assert_holds(text, fields[i]);
    }
    scene_clear(&scene, "list-expansion");
}

/* Neither Alice nor the members hear that somebody's mailbox is gone; the list counts. */
static void test_reports_stay_with_the_list(void **state)
{
    Scene scene;
    (void)state;
    scene_init(&scene, false);
    list_server_add_member(scene.list, "gone@hamburger.edu", false);
    post(&scene, "One");
    assert_int_equal(list_server_bounces(scene.list, "gone@hamburger.edu"), 1);
    post(&scene, "Two");
    assert_false(list_server_has_member(scene.list, "gone@hamburger.edu"));
    assert_int_equal(list_server_member_count(scene.list), 2);
    assert_int_equal(mail_site_count(scene.crepes, ALICE), 2);
    assert_int_equal(mail_site_count(scene.burger, BOB), 2);
    assert_said(&scene.world, "keeps a report to itself", 2);
    scene_clear(&scene, "list-reports");
}

static const MimePart *find_digest(const MimeTree *tree)
{
    for (guint i = 0; i < mime_tree_n_parts(tree); i++) {
        if (mime_part_is(mime_tree_part(tree, i), "multipart", "digest")) {
            return mime_tree_part(tree, i);
        }
    }
    return NULL;
}

static void test_digest(void **state)
{
    Scene scene;
    (void)state;
    scene_init(&scene, false);
    list_server_add_member(scene.list, CAROL, true);
    post(&scene, "Fur");
    mail_world_run(&scene.world, SIM_HOUR);
    post(&scene, "Paws");
    assert_int_equal(list_server_pending(scene.list), 2);
    assert_int_equal(mail_site_count(scene.burger, CAROL), 0);
    mail_world_run(&scene.world, 9 * SIM_HOUR);
    assert_said(
        &scene.world, "18:00 mail.lists.example: list cats@lists.example sends digest 1", 1
    );
    assert_int_equal(mail_site_count(scene.burger, CAROL), 1);
    assert_int_equal(list_server_pending(scene.list), 0);
    g_autoptr(GBytes) octets = mail_site_octets(scene.burger, CAROL, 0);
    g_autoptr(MimeTree) tree = mime_tree_new(octets, NULL);
    const MimePart *digest = find_digest(tree);
    assert_non_null(digest);
    assert_int_equal(digest->n_children, 2);
    assert_true(mime_part_is(digest->children[0], "message", "rfc822"));
    g_autofree char *subject =
        header_block_text(&digest->children[1]->children[0]->header, "Subject");
    assert_string_equal(subject, "Paws");
    mail_world_run(&scene.world, 2 * SIM_DAY);
    assert_int_equal(mail_site_count(scene.burger, CAROL), 1); /* nothing new, no digest */
    scene_clear(&scene, "list-digest");
}

static void test_closed_list(void **state)
{
    Scene scene;
    (void)state;
    scene_init(&scene, true);
    mail_world_send(&scene.world, scene.burger, CAROL, CATS);
    mail_world_run(&scene.world, SIM_MINUTE);
    assert_int_equal(mail_site_count(scene.burger, BOB), 0);
    assert_int_equal(mail_site_count(scene.burger, CAROL), 1);
    g_autofree char *report = mail_site_text(scene.burger, CAROL, 0);
    assert_holds(report, "Status: 5.7.2");
    scene_clear(&scene, "list-closed");
}

static void test_joining_and_leaving(void **state)
{
    static const struct {
        const char *subject;
        bool is_member;
        guint reports;
    } cases[] = {
        {"subscribe", true, 0},
        {"Unsubscribe", false, 0},
        {"subscribe digest", true, 0},
        {"please let me in", true, 1},
    };

    Scene scene;
    (void)state;
    scene_init(&scene, false);
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        mail_world_send_text(
            &scene.world, scene.burger, CAROL, "cats-request@lists.example", cases[i].subject, ""
        );
        mail_world_run(&scene.world, SIM_MINUTE);
        assert_int_equal(list_server_has_member(scene.list, CAROL), cases[i].is_member);
        assert_int_equal(mail_site_count(scene.burger, CAROL), cases[i].reports);
    }
    scene_clear(&scene, "list-joining");
}

/* A list that is a member of itself, and a report to the list's own address, end at once. */
static void test_no_circle(void **state)
{
    Scene scene;
    (void)state;
    scene_init(&scene, false);
    list_server_add_member(scene.list, CATS, false);
    post(&scene, "Fur");
    assert_int_equal(mail_site_count(scene.burger, BOB), 1);
    mail_world_send(&scene.world, scene.crepes, "", CATS);
    mail_world_run(&scene.world, SIM_HOUR);
    assert_int_equal(mail_site_count(scene.burger, BOB), 1);
    scene_clear(&scene, "list-circle");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_expansion),
        cmocka_unit_test(test_reports_stay_with_the_list),
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_closed_list),
        cmocka_unit_test(test_joining_and_leaving),
        cmocka_unit_test(test_no_circle),
    };
    return cmocka_run_group_tests_name("list-server", tests, NULL, NULL);
}
