/* Who logs in: the schemes of the Authorization field, and forms with a password in them. */

#include "protocol/encoding/base64.h"
#include "protocol/http/http-dialogue-private.h"
#include "protocol/http/http-form.h"

static void login_free(gpointer pointer)
{
    HttpLogin *login = pointer;
    if (login != NULL) {
        g_clear_pointer(&login->identity, g_bytes_unref);
        g_clear_pointer(&login->secret, g_bytes_unref);
        g_clear_pointer(&login->proof, g_bytes_unref);
        g_free(login);
    }
}

static GBytes *bytes_of(ByteSpan span)
{
    return g_bytes_new(span.data, span.length);
}

static ByteSpan span_of(GBytes *bytes)
{
    ByteSpan span = BYTE_SPAN_EMPTY;
    if (bytes != NULL) {
        span.data = g_bytes_get_data(bytes, &span.length);
    }
    return span;
}

static HttpLogin *add_login(HttpDialogue *dialogue, const char *method)
{
    HttpLogin *login = g_new0(HttpLogin, 1);
    login->method = method;
    login->exchange = dialogue->sides[DIALOGUE_CLIENT].exchange;
    login->is_due = dialogue->server_unseen;
    if (dialogue->logins == NULL) {
        dialogue->logins = g_ptr_array_new_with_free_func(login_free);
    }
    if (dialogue->logins->len >= HTTP_LOGINS_MAXIMUM) {
        g_ptr_array_remove_index(dialogue->logins, 0);
    }
    g_ptr_array_add(dialogue->logins, login);
    return login;
}

/* RFC 7617 §2: the name and the password with a colon between, in base64 */
static void read_basic(HttpDialogue *dialogue, ByteSpan token)
{
    ByteBuffer decoded;
    byte_buffer_init(&decoded, HTTP_LINE_MAXIMUM);
    if (base64_decode(token, &decoded, NULL)) {
        ByteSpan pair = byte_buffer_span(&decoded);
        gssize colon = byte_span_find(pair, ':', 0);
        HttpLogin *login = add_login(dialogue, "Basic");
        gsize name_length = colon < 0 ? pair.length : (gsize)colon;
        login->identity = bytes_of(byte_span_slice(pair, 0, name_length));
        login->secret = bytes_of(byte_span_from(pair, name_length + 1));
    }
    byte_buffer_clear(&decoded);
}

/* RFC 7616 names its parameters, with commas between them. */
static void read_digest(HttpDialogue *dialogue, ByteSpan parameters)
{
    ByteSpan parameter;
    HttpLogin *login = add_login(dialogue, "Digest");
    while (byte_span_next_token(&parameters, ',', &parameter)) {
        ByteSpan value = byte_span_trim(parameter);
        gssize equals = byte_span_find(value, '=', 0);
        if (equals < 0) {
            continue;
        }
        ByteSpan name = byte_span_slice(value, 0, (gsize)equals);
        value = byte_span_from(value, (gsize)equals + 1);
        if (value.length >= 2 && value.data[0] == '"') {
            value = byte_span_slice(value, 1, value.length - 2);
        }
        if (byte_span_is_nocase(name, "username") && login->identity == NULL) {
            login->identity = bytes_of(value);
        } else if (byte_span_is_nocase(name, "response") && login->proof == NULL) {
            login->proof = bytes_of(value);
        }
    }
}

void http_login_field(HttpDialogue *dialogue, const HttpField *field)
{
    gssize space = byte_span_find(field->value, ' ', 0);
    if (space < 0 || (!byte_span_is_nocase(field->name, "Authorization") &&
                      !byte_span_is_nocase(field->name, "Proxy-Authorization"))) {
        return;
    }
    ByteSpan scheme = byte_span_slice(field->value, 0, (gsize)space);
    ByteSpan rest = byte_span_trim(byte_span_from(field->value, (gsize)space));
    if (byte_span_is_nocase(scheme, "Basic")) {
        read_basic(dialogue, rest);
    } else if (byte_span_is_nocase(scheme, "Digest")) {
        read_digest(dialogue, rest);
    } else if (byte_span_is_nocase(scheme, "Bearer")) {
        add_login(dialogue, "Bearer")->proof = bytes_of(rest);
    }
}

void http_login_form(HttpDialogue *dialogue)
{
    ByteSpan type = dialogue->sides[DIALOGUE_CLIENT].message.section;
    g_autoptr(HttpForm) form = http_form_parse(type, byte_buffer_span(&dialogue->form));
    const HttpFormField *identity = NULL;
    const HttpFormField *secret = NULL;
    for (guint i = 0; i < form->fields->len; i++) {
        const HttpFormField *field = form->fields->pdata[i];
        ByteSpan name = span_of(field->name);
        if (secret == NULL && http_name_is_secret(name)) {
            secret = field;
        } else if (identity == NULL && http_name_is_identity(name)) {
            identity = field;
        }
    }
    if (secret != NULL) {
        HttpLogin *login = add_login(dialogue, "HTTP form");
        login->secret = g_bytes_ref(secret->value);
        login->identity = identity != NULL ? g_bytes_ref(identity->value) : NULL;
    }
}

/* A form's 200 may well be a page that says "wrong password": only a redirection or a refusal
 * tells. */
static void judge(HttpLogin *login, guint code)
{
    bool is_form = login->secret != NULL && strcmp(login->method, "HTTP form") == 0;
    login->is_due = true;
    login->is_answered = code >= (is_form ? 300 : 200);
    login->succeeded = login->is_answered && code < 400;
}

void http_login_answered(HttpDialogue *dialogue, guint64 exchange, guint code)
{
    for (guint i = 0; dialogue->logins != NULL && i < dialogue->logins->len; i++) {
        HttpLogin *login = dialogue->logins->pdata[i];
        if (login->exchange == exchange) {
            judge(login, code);
        } else if (login->exchange < exchange) {
            login->is_due = true;
        }
    }
}

void http_login_give_up(HttpDialogue *dialogue)
{
    for (guint i = 0; dialogue->logins != NULL && i < dialogue->logins->len; i++) {
        ((HttpLogin *)dialogue->logins->pdata[i])->is_due = true;
    }
}

static bool is_repeated(const HttpLogin *one, const HttpLogin *other)
{
    return one != NULL && strcmp(one->method, other->method) == 0 &&
           one->is_answered == other->is_answered && one->succeeded == other->succeeded &&
           byte_span_equal(span_of(one->identity), span_of(other->identity)) &&
           byte_span_equal(span_of(one->secret), span_of(other->secret)) &&
           (strcmp(one->method, "Digest") == 0 ||
            byte_span_equal(span_of(one->proof), span_of(other->proof)));
}

/* Browsers repeat the same proof with every request; it is told once. */
bool http_login_next(HttpDialogue *dialogue, DialogueEvent *event)
{
    while (dialogue->logins != NULL && dialogue->logins->len > 0) {
        HttpLogin *login = dialogue->logins->pdata[0];
        if (!login->is_due) {
            return false;
        }
        g_ptr_array_steal_index(dialogue->logins, 0);
        if (is_repeated(dialogue->given, login)) {
            login_free(login);
            continue;
        }
        login_free(dialogue->given);
        dialogue->given = login;
        dialogue->credential = (DialogueCredential){
            .method = login->method,
            .identity = span_of(login->identity),
            .secret = span_of(login->secret),
            .proof = span_of(login->proof),
            .succeeded = login->succeeded,
            .is_answered = login->is_answered,
        };
        event->kind = DIALOGUE_EVENT_CREDENTIAL;
        event->side = DIALOGUE_CLIENT;
        event->from = event->to = dialogue->sides[DIALOGUE_CLIENT].input.position;
        event->exchange = login->exchange;
        event->credential = &dialogue->credential;
        return true;
    }
    return false;
}

void http_login_clear(HttpDialogue *dialogue)
{
    g_clear_pointer(&dialogue->logins, g_ptr_array_unref);
    g_clear_pointer(&dialogue->given, login_free);
}
