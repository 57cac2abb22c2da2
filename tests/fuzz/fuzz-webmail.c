/* The webmail: a message that anybody may have sent, then what a browser that has logged in may
 * ask. 0xff parts them; the first octet of a request says what it is:
 *
 *     g target           GET          p target LF form        POST with the token
 *     any octets, raw    else         m target LF parts       POST of multipart, boundary "x"
 *
 * Pages hold no element but the webmail's own, every request of the right form has one answer, a
 * message that is sent has no header field but the webmail's own. */

#include "protocol/http/http-client.h"
#include "protocol/message/header-block.h"
#include "sim/agent/webmail-session.h"
#include "sim/store/memory-store.h"
#include "tests/fuzz/fuzz-engine.h"

#define ACCOUNT "alice@crepes.fr"
#define NEXT 0xff
#define PAGE_MAXIMUM (16 * 1024 * 1024)

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size);

typedef struct {
    SimWorld *world;
    MailStore *store;
    AccessAccounts *accounts;
    Webmail *webmail;
    WebmailSession *session;
    char *cookie;
    char *token;
    gsize piece;
    guint64 seen;
} Scene;

static bool is_own_field(const HeaderField *field)
{
    static const char *const names[] = {
        "From",
        "To",
        "Cc",
        "Subject",
        "Date",
        "Message-ID",
        "In-Reply-To",
        "References",
        "MIME-Version",
        "Content-Type",
        "Content-Transfer-Encoding",
    };
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        if (header_field_is(field, names[i])) {
            return true;
        }
    }
    return false;
}

static bool send_away(
    gpointer data,
    const char *reverse_path,
    const char *const *recipients,
    GBytes *octets,
    char **out_reason
)
{
    Scene *scene = data;
    gsize length;
    const void *content = g_bytes_get_data(octets, &length);
    HeaderBlock header;
    (void)out_reason;
    g_assert(g_str_equal(reverse_path, ACCOUNT) && recipients[0] != NULL);
    header_block_init(&header);
    header_block_parse(&header, byte_span(content, length), 0);
    for (guint i = 0; i < header.n_fields; i++) {
        g_assert(is_own_field(&header.fields[i]));
    }
    g_assert(header_block_count(&header, "From") == 1 && header_block_count(&header, "Cc") <= 1);
    header_block_clear(&header);
    for (gsize i = 0; recipients[i] != NULL; i++) {
        g_assert(strpbrk(recipients[i], "\r\n") == NULL);
    }
    fuzz_see(&scene->seen, content, length);
    return true;
}

static void wake(gpointer carrier)
{
    (void)carrier;
}

static const AgentCarrier carrier = {.wake = wake, .release = wake};

static void set_scene(Scene *scene)
{
    scene->world = sim_world_new(1);
    scene->store = memory_store_new();
    mail_store_add_account(scene->store, ACCOUNT, NULL);
    scene->accounts = access_accounts_new(scene->world, NULL, scene->store, "mail.crepes.fr", 1);
    access_accounts_add_user(scene->accounts, "alice", "a", ACCOUNT);
    scene->webmail = webmail_new(scene->accounts, 1, send_away, scene);
}

static void strike_scene(Scene *scene)
{
    webmail_free(scene->webmail);
    access_accounts_free(scene->accounts);
    mail_store_free(scene->store);
    sim_world_free(scene->world);
    g_free(scene->cookie);
    g_free(scene->token);
}

static void check_elements(ByteSpan page)
{
    static const char *const names[] = {
        "!DOCTYPE html>",
        "html",
        "head>",
        "meta ",
        "title>",
        "link ",
        "body>",
        "nav>",
        "a ",
        "a>",
        "b>",
        "form",
        "label>",
        "input ",
        "p>",
        "p ",
        "textarea",
        "table>",
        "tr>",
        "tr ",
        "td>",
        "th>",
        "pre>",
        "button>",
        "h1>",
    };
    for (gssize at = byte_span_find(page, '<', 0); at >= 0;
         at = byte_span_find(page, '<', (gsize)at + 1)) {
        ByteSpan name = byte_span_from(page, (gsize)at + 1);
        name = byte_span_from(name, byte_span_starts_with(name, "/") ? 1 : 0);
        gsize i = 0;
        while (i < G_N_ELEMENTS(names) && !byte_span_starts_with(name, names[i])) {
            i++;
        }
        g_assert(i < G_N_ELEMENTS(names));
    }
}

static char *between(ByteSpan page, const char *before, char after)
{
    g_autofree char *text = byte_span_to_string(page);
    const char *start = strstr(text, before);
    const char *end = start == NULL ? NULL : strchr(start + strlen(before), after);
    return end == NULL ? NULL
                       : g_strndup(start + strlen(before), (gsize)(end - start) - strlen(before));
}

static void say(Scene *scene, ByteSpan octets)
{
    const AgentLinkOwner *owner = &webmail_session_owner;
    while (octets.length > 0 && !owner->wants_close(scene->session)) {
        ByteSpan part = byte_span_slice(octets, 0, scene->piece);
        g_autofree guint8 *copy = g_memdup2(part.data, part.length);
        owner->receive(scene->session, byte_span(copy, part.length));
        octets = byte_span_from(octets, part.length);
    }
}

static void take_answer(Scene *scene, const char *method)
{
    ByteSpan output = webmail_session_owner.output(scene->session);
    g_autoptr(HttpClient) client = http_client_new(PAGE_MAXIMUM);
    HttpAnswer answer;
    ByteSpan type;
    ByteSpan set_cookie = BYTE_SPAN_EMPTY;
    fuzz_see(&scene->seen, output.data, output.length);
    http_client_request(client, method, "/", "a", NULL, 0, NULL);
    http_client_receive(client, output);
    bool is_answered = http_client_next_answer(client, &answer);
    g_assert(is_answered && answer.is_complete);
    if (http_client_field(client, "Content-Type", &type) &&
        byte_span_starts_with(type, "text/html")) {
        check_elements(answer.body);
    }
    char *token = between(output, "name=\"token\" value=\"", '"');
    http_client_field(client, "Set-Cookie", &set_cookie); /* a page may say so too */
    char *cookie = between(set_cookie, "mailwalk=", ';');
    if (token != NULL) {
        g_free(scene->token);
        scene->token = token;
    }
    if (cookie != NULL) {
        g_free(scene->cookie);
        scene->cookie = cookie;
    }
    is_answered = http_client_next_answer(client, &answer);
    g_assert(!is_answered);
    webmail_session_owner.consume(scene->session, output.length);
}

/* As a browser writes a target: no octet of it ends the line or the word. */
static void append_target(GString *request, ByteSpan target)
{
    for (gsize i = 0; i < target.length; i++) {
        guint8 octet = target.data[i];
        bool is_plain = octet > ' ' && octet < 0x7f;
        g_string_append_printf(request, is_plain ? "%c" : "%%%02X", octet);
    }
}

static void
ask(Scene *scene, const char *method, ByteSpan target, const char *type, const GString *body)
{
    g_autoptr(GString) request = g_string_new(method);
    g_string_append(request, " /");
    append_target(request, target);
    g_string_append_printf(
        request,
        " HTTP/1.1\r\nHost: a\r\nCookie: mailwalk=%s\r\nContent-Type: %s\r\n"
        "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n",
        scene->cookie == NULL ? "" : scene->cookie,
        type,
        body->len
    );
    g_string_append_len(request, body->str, (gssize)body->len);
    say(scene, byte_span(request->str, request->len));
    take_answer(scene, method);
}

/* The first line is the target, the rest goes behind the token. */
static void post(Scene *scene, ByteSpan text, bool is_multipart)
{
    g_autoptr(GString) body = g_string_new(NULL);
    gssize line_feed = byte_span_find(text, '\n', 0);
    ByteSpan target = line_feed < 0 ? text : byte_span_slice(text, 0, (gsize)line_feed);
    ByteSpan form = byte_span_from(text, target.length + 1);
    g_string_append_printf(
        body,
        is_multipart ? "--x\r\nContent-Disposition: form-data; name=token\r\n\r\n%s\r\n"
                     : "token=%s&",
        scene->token == NULL ? "" : scene->token
    );
    g_string_append_len(body, (const char *)form.data, (gssize)form.length);
    ask(scene,
        "POST",
        target,
        is_multipart ? "multipart/form-data; boundary=x" : "application/x-www-form-urlencoded",
        body);
}

static void begin_session(Scene *scene)
{
    SimAddress peer = sim_address_ipv4(127, 0, 0, 1);
    scene->session = webmail_session_new(scene->webmail, &peer, NULL);
    webmail_session_set_carrier(scene->session, &carrier, scene);
}

static void ask_anything(Scene *scene, ByteSpan text)
{
    g_autoptr(GString) nothing = g_string_new(NULL);
    ByteSpan rest = byte_span_from(text, 1);
    begin_session(scene);
    if (byte_span_starts_with(text, "g")) {
        ask(scene, "GET", rest, "text/plain", nothing);
    } else if (byte_span_starts_with(text, "p")) {
        post(scene, rest, false);
    } else if (byte_span_starts_with(text, "m")) {
        post(scene, rest, true);
    } else {
        say(scene, rest);
        ByteSpan output = webmail_session_owner.output(scene->session);
        fuzz_see(&scene->seen, output.data, output.length);
    }
    webmail_session_owner.ended(scene->session, SIM_TCP_ERROR_NONE);
}

static guint64 browse(ByteSpan input, gsize piece)
{
    Scene scene = {.piece = piece};
    ByteSpan record;
    guint count = 0;
    set_scene(&scene);
    while (byte_span_next_token(&input, NEXT, &record)) {
        if (count++ == 0) {
            g_autoptr(GBytes) octets = g_bytes_new(record.data, record.length);
            mail_store_deliver(scene.store, ACCOUNT, "INBOX", octets, 0, NULL, NULL);
            ask_anything(&scene, BYTE_SPAN_LITERAL("plogin\nuser=alice&password=a"));
            ask_anything(&scene, BYTE_SPAN_LITERAL("gcompose"));
            g_assert(scene.cookie != NULL && scene.token != NULL);
        } else {
            ask_anything(&scene, record);
        }
    }
    strike_scene(&scene);
    return scene.seen;
}

int LLVMFuzzerTestOneInput(const guint8 *data, gsize size)
{
    if (size > 1) {
        ByteSpan input = byte_span(data + 1, size - 1);
        guint64 whole = browse(input, G_MAXSIZE);
        guint64 pieces = browse(input, data[0] + 1u);
        g_assert(whole == pieces);
    }
    return 0;
}
