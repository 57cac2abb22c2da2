#include "tests/support/test.h"

#include "sim/agent/webmail-session.h"
#include "sim/store/memory-store.h"

/* A browser that speaks raw HTTP to one connection, and what the webmail sent away. */
typedef struct {
    SimWorld *world;
    MailStore *store;
    AccessAccounts *accounts;
    Webmail *webmail;
    WebmailSession *session;
    char *cookie; /* NULL: none yet */
    char *token;
    GBytes *sent;
    GString *sent_to;
    bool refuses;
} Scene;

static void wake(gpointer carrier)
{
    (void)carrier;
}

static void release(gpointer carrier)
{
    ((Scene *)carrier)->session = NULL;
}

static const AgentCarrier carrier = {.wake = wake, .release = release};

static bool send_away(
    gpointer data,
    const char *reverse_path,
    const char *const *recipients,
    GBytes *octets,
    char **out_reason
)
{
    Scene *scene = data;
    if (scene->refuses) {
        *out_reason = g_strdup("The queue is full <now>.");
        return false;
    }
    g_clear_pointer(&scene->sent, g_bytes_unref);
    scene->sent = g_bytes_ref(octets);
    g_string_printf(scene->sent_to, "%s:", reverse_path);
    for (gsize i = 0; recipients[i] != NULL; i++) {
        g_string_append_printf(scene->sent_to, " %s", recipients[i]);
    }
    return true;
}

static void set_scene(Scene *scene)
{
    SimAddress peer = sim_address_ipv4(127, 0, 0, 1);
    *scene = (Scene){.world = sim_world_new(1), .store = memory_store_new()};
    scene->sent_to = g_string_new(NULL);
    assert_int_equal(
        mail_store_add_account(scene->store, "alice@crepes.fr", NULL), MAIL_STORE_DONE
    );
    scene->accounts = access_accounts_new(scene->world, NULL, scene->store, "mail.crepes.fr", 1);
    access_accounts_add_user(scene->accounts, "alice", "yum & my", "alice@crepes.fr");
    scene->webmail = webmail_new(scene->accounts, 1, send_away, scene);
    scene->session = webmail_session_new(scene->webmail, &peer, NULL);
    webmail_session_set_carrier(scene->session, &carrier, scene);
}

static void strike_scene(Scene *scene)
{
    if (scene->session != NULL) {
        webmail_session_owner.ended(scene->session, SIM_TCP_ERROR_NONE);
    }
    webmail_free(scene->webmail);
    access_accounts_free(scene->accounts);
    mail_store_free(scene->store);
    sim_world_free(scene->world);
    g_free(scene->cookie);
    g_free(scene->token);
    g_string_free(scene->sent_to, TRUE);
    if (scene->sent != NULL) {
        g_bytes_unref(scene->sent);
    }
}

static char *between(const char *text, const char *before, const char *after)
{
    const char *start = strstr(text, before);
    if (start == NULL) {
        return NULL;
    }
    start += strlen(before);
    const char *end = strstr(start, after);
    return end == NULL ? NULL : g_strndup(start, (gsize)(end - start));
}

/* The whole answer, header and body; cookie and token of it are remembered. */
static char *
ask(Scene *scene, const char *method, const char *target, const char *type, GString *body)
{
    g_autofree char *request = g_strdup_printf(
        "%s %s HTTP/1.1\r\nHost: mail.crepes.fr\r\nCookie: mailwalk=%s\r\n"
        "Content-Type: %s\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
        method,
        target,
        scene->cookie == NULL ? "" : scene->cookie,
        type == NULL ? "text/plain" : type,
        body == NULL ? 0 : body->len
    );
    const AgentLinkOwner *owner = &webmail_session_owner;
    owner->receive(scene->session, byte_span_from_string(request));
    if (body != NULL) {
        owner->receive(scene->session, byte_span(body->str, body->len));
        g_string_free(body, TRUE);
    }
    ByteSpan output = owner->output(scene->session);
    char *answer = g_strndup((const char *)output.data, output.length);
    owner->consume(scene->session, output.length);
    char *cookie = between(answer, "Set-Cookie: mailwalk=", ";");
    char *token = between(answer, "name=\"token\" value=\"", "\"");
    if (cookie != NULL) {
        g_free(scene->cookie);
        scene->cookie = cookie;
    }
    if (token != NULL) {
        g_free(scene->token);
        scene->token = token;
    }
    return answer;
}

static char *get(Scene *scene, const char *target)
{
    return ask(scene, "GET", target, NULL, NULL);
}

static char *post(Scene *scene, const char *target, const char *form)
{
    GString *body = g_string_new(form);
    if (scene->token != NULL) {
        g_string_append_printf(body, "&token=%s", scene->token);
    }
    return ask(scene, "POST", target, "application/x-www-form-urlencoded", body);
}

static void log_in(Scene *scene)
{
    g_autofree char *answer = post(scene, "/login", "user=alice&password=yum+%26+my");
    assert_non_null(strstr(answer, "HTTP/1.1 303"));
    g_autofree char *page = get(scene, "/folder?name=INBOX");
    assert_non_null(strstr(page, "HTTP/1.1 200"));
    assert_non_null(scene->token);
}

static void deliver(Scene *scene, const char *folder, const char *text)
{
    g_autoptr(GBytes) octets = g_bytes_new(text, strlen(text));
    assert_int_equal(
        mail_store_deliver(scene->store, "alice@crepes.fr", folder, octets, 0, NULL, NULL),
        MAIL_STORE_DONE
    );
}

static void assert_has(const char *text, const char *part)
{
    if (strstr(text, part) == NULL) {
        fail_msg("'%s' is not in:\n%s", part, text);
    }
}

static void assert_lacks(const char *text, const char *part)
{
    if (strstr(text, part) != NULL) {
        fail_msg("'%s' is in:\n%s", part, text);
    }
}

/* Each page to somebody who has not logged in, and what does not exist. */
static void test_without_login(void **state)
{
    static const struct {
        const char *method;
        const char *target;
        const char *status;
    } cases[] = {
        {"GET", "/", "200"},
        {"GET", "/style.css", "200"},
        {"GET", "/folder?name=INBOX", "303"},
        {"GET", "/message?name=INBOX&uid=1", "303"},
        {"GET", "/attachment?name=INBOX&uid=1&part=1", "303"},
        {"GET", "/compose", "303"},
        {"POST", "/send", "303"},
        {"POST", "/delete", "303"},
        {"GET", "/nothing", "404"},
        {"GET", "/../../etc/passwd", "404"},
        {"GET", "/send", "405"},
        {"POST", "/folder", "405"},
        {"PUT", "/", "405"},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Scene scene;
        set_scene(&scene);
        g_autofree char *answer = ask(&scene, cases[i].method, cases[i].target, NULL, NULL);
        g_autofree char *status = g_strdup_printf("HTTP/1.1 %s ", cases[i].status);
        assert_has(answer, status);
        assert_has(answer, "Content-Security-Policy: default-src 'none'");
        strike_scene(&scene);
    }
}

static void test_logging_in(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene);
    g_autofree char *wrong = post(&scene, "/login", "user=%22%3E%3Cb%3E&password=x");
    assert_has(wrong, "HTTP/1.1 403");
    assert_has(wrong, "value=\"&quot;&gt;&lt;b&gt;\"");
    assert_null(scene.cookie);
    log_in(&scene);
    g_autofree char *old = g_strdup(scene.cookie);
    g_autofree char *out = post(&scene, "/logout", "");
    assert_has(out, "HTTP/1.1 303");
    assert_has(out, "Max-Age=0");
    g_free(scene.cookie);
    scene.cookie = g_steal_pointer(&old);
    g_autofree char *after = get(&scene, "/folder?name=INBOX");
    assert_has(after, "HTTP/1.1 303");
    strike_scene(&scene);
}

/* A log-in ends when nobody clicks for long; guessing a cookie does not help. */
static void test_login_ends(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene);
    log_in(&scene);
    webmail_session_owner.ended(scene.session, SIM_TCP_ERROR_NONE);
    sim_world_run_until(scene.world, sim_world_now(scene.world) + 2 * WEBMAIL_LOGIN_LIFE);
    SimAddress peer = sim_address_ipv4(127, 0, 0, 1);
    scene.session = webmail_session_new(scene.webmail, &peer, NULL);
    webmail_session_set_carrier(scene.session, &carrier, &scene);
    g_autofree char *answer = get(&scene, "/folder?name=INBOX");
    assert_has(answer, "HTTP/1.1 303");
    strike_scene(&scene);
}

static void test_reading_escapes(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene);
    deliver(
        &scene,
        "INBOX",
        "From: \"<img src=x onerror=alert(1)>\" <eve@example.org>\r\n"
        "Subject: =?utf-8?q?=3Cscript=3Ealert(1)=3C/script=3E?=\r\n"
        "Content-Type: text/html\r\n\r\n<script>alert('2')</script>\r\n"
    );
    assert_int_equal(
        mail_store_create(scene.store, "alice@crepes.fr", "\"><i>x</i>", 0, NULL), MAIL_STORE_DONE
    );
    log_in(&scene);
    g_autofree char *list = get(&scene, "/folder?name=INBOX");
    g_autofree char *message = get(&scene, "/message?name=INBOX&uid=1");
    g_autofree char *again = get(&scene, "/folder?name=INBOX");
    g_autofree char *nowhere = get(&scene, "/folder?name=%3Cscript%3E");
    const char *const pages[] = {list, message, again, nowhere};
    for (gsize i = 0; i < G_N_ELEMENTS(pages); i++) {
        assert_lacks(pages[i], "<script");
        assert_lacks(pages[i], "<img");
        assert_lacks(pages[i], "<i>");
    }
    assert_has(list, "&lt;script&gt;alert(1)");
    assert_has(list, "class=\"new\"");
    assert_has(again, "class=\"seen\"");
    assert_has(message, "&lt;script&gt;alert(&apos;2&apos;)");
    assert_has(nowhere, "HTTP/1.1 404");
    strike_scene(&scene);
}

static GString *multipart(const Scene *scene, const char *const *fields)
{
    GString *body = g_string_new(NULL);
    for (gsize i = 0; fields[i] != NULL; i += 2) {
        g_string_append_printf(
            body,
            "--cut\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n",
            fields[i],
            fields[i + 1]
        );
    }
    g_string_append_printf(
        body,
        "--cut\r\nContent-Disposition: form-data; name=\"attachment\"; "
        "filename=\"../../evil \\\"name\\\".txt\"\r\n"
        "Content-Type: text/plain; x=y\r\n\r\nhello\r\n"
        "--cut\r\nContent-Disposition: form-data; name=\"token\"\r\n\r\n%s\r\n--cut--\r\n",
        scene->token
    );
    return body;
}

static void test_sending(void **state)
{
    static const char *const fields[] = {
        "to",
        "Bob <bob@hamburger.edu>, bob@hamburger.edu",
        "bcc",
        "carol@example.org",
        "subject",
        "Crêpes\r\nX-Evil: yes",
        "body",
        "Bonjour\n.\nfin",
        NULL,
    };
    Scene scene;
    gsize length;
    (void)state;
    set_scene(&scene);
    log_in(&scene);
    g_autofree char *answer =
        ask(&scene, "POST", "/send", "multipart/form-data; boundary=cut", multipart(&scene, fields)
        );
    assert_has(answer, "HTTP/1.1 303");
    assert_string_equal(scene.sent_to->str, "alice@crepes.fr: bob@hamburger.edu carol@example.org");
    const char *data = g_bytes_get_data(scene.sent, &length);
    g_autofree char *text = g_strndup(data, length);
    assert_lacks(text, "carol");
    assert_lacks(text, "\nX-Evil");
    assert_lacks(text, "..");
    assert_has(text, "Content-Disposition: attachment");
    g_autofree char *sent = get(&scene, "/message?name=Sent&uid=1");
    assert_has(sent, "Bonjour");
    assert_has(sent, "Attachment:");
    g_autofree char *file = get(&scene, "/attachment?name=Sent&uid=1&part=2");
    assert_has(file, "Content-Type: application/octet-stream");
    assert_has(file, "Content-Disposition: attachment; filename=\"");
    assert_has(file, "\r\n\r\nhello");
    strike_scene(&scene);
}

static void test_not_sent(void **state)
{
    static const struct {
        const char *form;
        const char *status;
        const char *says;
    } cases[] = {
        {"to=&subject=a&body=keep+me", "400", "To whom?"},
        {"to=bob%20smith@@x&body=keep+me", "400", "is no address."},
        {"to=bob@-hamburger-.edu&body=keep+me", "400", "is no address."},
        {"to=b%C3%B6b@hamburger.edu&body=keep+me", "400", "is no address."},
        {"to=bob@hamburger.edu&body=keep+me&name=INBOX&uid=99", "404", "not there"},
        {"to=bob@hamburger.edu&body=keep+me", "503", "The queue is full &lt;now&gt;."},
    };

    (void)state;
    for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
        Scene scene;
        set_scene(&scene);
        scene.refuses = true;
        log_in(&scene);
        g_autofree char *answer = post(&scene, "/send", cases[i].form);
        g_autofree char *status = g_strdup_printf("HTTP/1.1 %s ", cases[i].status);
        assert_has(answer, status);
        assert_has(answer, cases[i].says);
        if (strcmp(cases[i].status, "404") != 0) {
            assert_has(answer, "keep me</textarea>");
        }
        assert_null(scene.sent);
        strike_scene(&scene);
    }
}

static void test_forged_form(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene);
    log_in(&scene);
    g_free(scene.token);
    scene.token = g_strdup("0123456789abcdef0123456789abcdef");
    g_autofree char *answer = post(&scene, "/send", "to=bob@hamburger.edu&body=x");
    assert_has(answer, "HTTP/1.1 403");
    assert_null(scene.sent);
    strike_scene(&scene);
}

static void test_reply(void **state)
{
    Scene scene;
    gsize length;
    (void)state;
    set_scene(&scene);
    deliver(
        &scene,
        "INBOX",
        "From: Bob <bob@hamburger.edu>\r\nTo: alice@crepes.fr, carol@example.org\r\n"
        "Subject: Ketchup\r\nMessage-ID: <1@hamburger.edu>\r\n\r\nDo you like it?\r\n> No\r\n"
    );
    log_in(&scene);
    g_autofree char *form = get(&scene, "/compose?name=INBOX&uid=1&all=1");
    assert_has(form, "value=\"Re: Ketchup\"");
    assert_has(form, "&gt; Do you like it?\n&gt;&gt; No\n");
    assert_has(form, "carol@example.org");
    g_autofree char *answer =
        post(&scene, "/send", "to=bob@hamburger.edu&subject=Re:+Ketchup&body=Yes&name=INBOX&uid=1");
    assert_has(answer, "HTTP/1.1 303");
    const char *data = g_bytes_get_data(scene.sent, &length);
    g_autofree char *text = g_strndup(data, length);
    assert_has(text, "In-Reply-To: <1@hamburger.edu>");
    MailFolder *folder = NULL;
    assert_int_equal(
        mail_folder_open(scene.store, "alice@crepes.fr", "INBOX", &folder, NULL), MAIL_STORE_DONE
    );
    assert_true((mail_folder_message(folder, 0)->flags & MAIL_FLAG_ANSWERED) != 0);
    mail_folder_unref(folder);
    strike_scene(&scene);
}

static void test_deleting(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene);
    deliver(&scene, "INBOX", "Subject: one\r\n\r\nx\r\n");
    log_in(&scene);
    g_autofree char *moved = post(&scene, "/delete", "name=INBOX&uid=1");
    assert_has(moved, "note=moved");
    g_autofree char *inbox = get(&scene, "/folder?name=INBOX&note=moved");
    assert_has(inbox, "0 messages");
    g_autofree char *gone = post(&scene, "/delete", "name=Trash&uid=1");
    assert_has(gone, "note=deleted");
    g_autofree char *trash = get(&scene, "/folder?name=Trash&note=%3Cb%3E");
    assert_has(trash, "0 messages");
    assert_lacks(trash, "<b>x");
    strike_scene(&scene);
}

/* Newest first, so many on a page; a page beyond the last is the last. */
static void test_pages(void **state)
{
    Scene scene;
    (void)state;
    set_scene(&scene);
    for (guint i = 1; i <= 120; i++) {
        g_autofree char *text = g_strdup_printf("Subject: number %u!\r\n\r\nx\r\n", i);
        deliver(&scene, "INBOX", text);
    }
    log_in(&scene);
    g_autofree char *first = get(&scene, "/folder?name=INBOX");
    g_autofree char *last = get(&scene, "/folder?name=INBOX&page=99999999999");
    assert_has(first, "number 120!");
    assert_has(first, "number 71!");
    assert_lacks(first, "number 70!");
    assert_has(last, "number 20!");
    assert_has(last, "number 1!");
    assert_lacks(last, "number 21!");
    strike_scene(&scene);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_without_login),
        cmocka_unit_test(test_logging_in),
        cmocka_unit_test(test_login_ends),
        cmocka_unit_test(test_reading_escapes),
        cmocka_unit_test(test_sending),
        cmocka_unit_test(test_not_sent),
        cmocka_unit_test(test_forged_form),
        cmocka_unit_test(test_reply),
        cmocka_unit_test(test_deleting),
        cmocka_unit_test(test_pages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
