/* Writing: the form, empty or for a reply, and what is made of it when it comes back. */

#include "protocol/address/address-judge.h"
#include "protocol/message/message-address.h"
#include "protocol/message/message-writer.h"
#include "protocol/message/mime-tree.h"
#include "sim/agent/webmail-private.h"

#define QUOTED_MAXIMUM 65536
#define ATTACHMENTS_MAXIMUM 20
#define RECIPIENTS_MAXIMUM 100

/* What stands in the form. Texts are owned. */
typedef struct {
    char *to;
    char *cc;
    char *bcc;
    char *subject;
    char *body;
    char *folder; /* of the message that is answered; "": none */
    char *uid;
} Letter;

static void letter_clear(Letter *letter)
{
    g_free(letter->to);
    g_free(letter->cc);
    g_free(letter->bcc);
    g_free(letter->subject);
    g_free(letter->body);
    g_free(letter->folder);
    g_free(letter->uid);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Letter, letter_clear)

static void add_form(WebmailExchange *exchange, const Letter *letter)
{
    g_string_append(
        exchange->html, "<form method=\"post\" action=\"/send\" enctype=\"multipart/form-data\">\n"
    );
    webmail_page_token(exchange);
    webmail_page_add(
        exchange,
        "<input type=\"hidden\" name=\"name\" value=\"%s\">"
        "<input type=\"hidden\" name=\"uid\" value=\"%s\">\n"
        "<label>To <input type=\"text\" name=\"to\" value=\"%s\"></label>\n"
        "<label>Cc <input type=\"text\" name=\"cc\" value=\"%s\"></label>\n"
        "<label>Bcc <input type=\"text\" name=\"bcc\" value=\"%s\"></label>\n"
        "<label>Subject <input type=\"text\" name=\"subject\" value=\"%s\"></label>\n"
        "<label>Text <textarea name=\"body\" rows=\"15\">\n%s</textarea></label>\n"
        "<label>Attachment <input type=\"file\" name=\"attachment\" multiple></label>\n"
        "<button>Send</button></form>\n",
        letter->folder,
        letter->uid,
        letter->to,
        letter->cc,
        letter->bcc,
        letter->subject,
        letter->body
    );
}

/* The form again, with what is wrong above it; nothing that was written is lost. */
static void
show_again(WebmailExchange *exchange, const Letter *letter, guint code, const char *text)
{
    exchange->code = code;
    webmail_page_begin(exchange, "Write");
    webmail_page_add(exchange, "<p class=\"error\">%s</p>\n", text);
    add_form(exchange, letter);
    webmail_page_end(exchange);
}

static char *quoted_text(GBytes *original)
{
    GString *quoted = g_string_new(NULL);
    g_autoptr(MimeTree) tree = mime_tree_new(original, NULL);
    const MimePart *part = mime_tree_text_part(tree, "plain");
    if (part != NULL) {
        g_autofree char *text = mime_part_text(tree, part, QUOTED_MAXIMUM);
        g_auto(GStrv) lines = g_strsplit(g_strchomp(text), "\n", -1);
        for (guint i = 0; lines[i] != NULL; i++) {
            g_string_append_printf(quoted, lines[i][0] == '>' ? ">%s\n" : "> %s\n", lines[i]);
        }
    }
    return g_string_free(quoted, FALSE);
}

static void drop(char **text, char *better)
{
    g_free(*text);
    *text = better;
}

/* RFC 5322 §3.6.2, §3.6.3: an answer goes to Reply-To, or else to From; "all" are To and Cc too. */
static void fill_reply(Letter *letter, GBytes *original, bool to_all)
{
    HeaderBlock header;
    gsize length;
    const void *data = g_bytes_get_data(original, &length);
    header_block_init(&header);
    header_block_parse(&header, byte_span(data, length), 0);
    char *to = header_block_decoded(&header, "Reply-To");
    to = to == NULL ? header_block_decoded(&header, "From") : to;
    g_autofree char *subject = header_block_decoded(&header, "Subject");
    g_autofree char *others = header_block_decoded(&header, "To");
    g_autofree char *copies = header_block_decoded(&header, "Cc");
    bool has_both = others != NULL && copies != NULL;
    drop(&letter->to, to == NULL ? g_strdup("") : to);
    if (to_all) {
        drop(
            &letter->cc,
            g_strconcat(
                others == NULL ? "" : others,
                has_both ? ", " : "",
                copies == NULL ? "" : copies,
                NULL
            )
        );
    }
    bool has_re = subject != NULL && g_ascii_strncasecmp(subject, "Re:", 3) == 0;
    drop(&letter->subject, g_strconcat(has_re ? "" : "Re: ", subject == NULL ? "" : subject, NULL));
    drop(&letter->body, quoted_text(original));
    header_block_clear(&header);
}

static void read_letter(const HttpForm *form, Letter *letter)
{
    letter->to = webmail_form_text(form, "to");
    letter->cc = webmail_form_text(form, "cc");
    letter->bcc = webmail_form_text(form, "bcc");
    letter->subject = webmail_form_text(form, "subject");
    letter->body = webmail_form_text(form, "body");
    letter->folder = webmail_form_text(form, "name");
    letter->uid = webmail_form_text(form, "uid");
}

void webmail_get_compose(WebmailExchange *exchange)
{
    g_auto(Letter) letter = {0};
    ByteSpan all;
    read_letter(exchange->query, &letter);
    if (letter.uid[0] != '\0') {
        g_autoptr(MailFolder) folder = webmail_open_folder(exchange, letter.folder);
        g_autoptr(GBytes) original =
            folder == NULL ? NULL : webmail_fetch(exchange, folder, exchange->query);
        if (original == NULL) {
            return;
        }
        fill_reply(&letter, original, http_form_value(exchange->query, "all", &all));
    }
    webmail_page_begin(exchange, "Write");
    add_form(exchange, &letter);
    webmail_page_end(exchange);
}

/* False: '*out_problem' names the address that is none. */
static bool add_recipients(GPtrArray *recipients, const char *text, char **out_problem)
{
    g_autoptr(MessageAddressList) list = message_address_list_parse(byte_span_from_string(text));
    if (text[strspn(text, " ,")] != '\0' && !list->is_valid) {
        *out_problem = g_strdup_printf(
            "“%s” is no address. Write one, such as bob@hamburger.edu, or several with commas "
            "between.",
            text
        );
        return false;
    }
    for (guint i = 0; i < list->n_items; i++) {
        g_autofree char *path = message_address_path(&list->items[i]);
        if (list->items[i].kind != MESSAGE_ADDRESS_MAILBOX) {
            continue;
        }
        AddressVerdict verdict =
            address_judge(ADDRESS_SMTP, byte_span_from_string(path == NULL ? "" : path));
        if (!verdict.is_valid) {
            *out_problem = g_strdup_printf(
                "“%s” is no address. %s", path == NULL ? text : path, verdict.sentence
            );
            return false;
        }
        if (!g_ptr_array_find_with_equal_func(recipients, path, g_str_equal, NULL)) {
            g_ptr_array_add(recipients, g_steal_pointer(&path));
        }
    }
    return true;
}

static GPtrArray *read_recipients(const Letter *letter, char **out_problem)
{
    g_autoptr(GPtrArray) recipients = g_ptr_array_new_with_free_func(g_free);
    if (!add_recipients(recipients, letter->to, out_problem) ||
        !add_recipients(recipients, letter->cc, out_problem) ||
        !add_recipients(recipients, letter->bcc, out_problem)) {
        return NULL;
    }
    if (recipients->len == 0 || recipients->len > RECIPIENTS_MAXIMUM) {
        *out_problem =
            recipients->len == 0
                ? g_strdup("To whom? Give at least one address.")
                : g_strdup_printf("That is for more than %d people.", RECIPIENTS_MAXIMUM);
        return NULL;
    }
    g_ptr_array_add(recipients, NULL);
    return g_steal_pointer(&recipients);
}

/* A content type is taken as the browser gives it only where it has the form of one. */
static const char *safe_type(char *type)
{
    guint slashes = 0;
    type[strcspn(type, ";")] = '\0';
    g_strstrip(type);
    for (const char *at = type; *at != '\0'; at++) {
        slashes += *at == '/';
        if (!g_ascii_isalnum(*at) && strchr("/-+.", *at) == NULL) {
            return "application/octet-stream";
        }
    }
    bool is_simple = slashes == 1 && type[0] != '/' && !g_str_has_suffix(type, "/");
    bool is_structured = g_str_has_prefix(type, "multipart/") || g_str_has_prefix(type, "message/");
    return is_simple && !is_structured ? type : "application/octet-stream";
}

static DraftPart *attachment_of(const HttpFormField *field)
{
    gsize length;
    const char *data = g_bytes_get_data(field->file_name, &length);
    g_autofree char *given = g_utf8_make_valid(data, (gssize)length);
    g_autofree char *name = mime_safe_file_name(given, "attachment");
    g_autofree char *type = NULL;
    if (field->content_type != NULL) {
        data = g_bytes_get_data(field->content_type, &length);
        type = g_utf8_make_valid(data, (gssize)length);
    }
    return draft_part_new_content(
        type == NULL ? "application/octet-stream" : safe_type(type), field->value, name
    );
}

static DraftPart *body_of(const WebmailExchange *exchange, const Letter *letter)
{
    DraftPart *parts[ATTACHMENTS_MAXIMUM];
    gsize count = 0;
    const GPtrArray *fields = exchange->form->fields;
    for (guint i = 0; i < fields->len && count < ATTACHMENTS_MAXIMUM; i++) {
        const HttpFormField *field = fields->pdata[i];
        /* A browser sends a field with an empty name where no file was chosen. */
        if (field->file_name != NULL && g_bytes_get_size(field->file_name) > 0) {
            parts[count++] = attachment_of(field);
        }
    }
    return draft_part_new_composed(letter->body, NULL, parts, count);
}

/* RFC 5322 §3.6.4: what joins an answer to the message that it answers. */
static void add_references(MessageDraft *draft, GBytes *original)
{
    HeaderBlock header;
    gsize length;
    const void *data = g_bytes_get_data(original, &length);
    header_block_init(&header);
    header_block_parse(&header, byte_span(data, length), 0);
    g_autofree char *id = header_block_text(&header, "Message-ID");
    g_autofree char *chain = header_block_text(&header, "References");
    header_block_clear(&header);
    if (id != NULL) {
        g_autofree char *references =
            g_strconcat(chain == NULL ? "" : chain, chain == NULL ? "" : " ", id, NULL);
        message_draft_add_structured(draft, "In-Reply-To", id);
        message_draft_add_structured(draft, "References", references);
    }
}

static GBytes *write_message(WebmailExchange *exchange, const Letter *letter, GBytes *original)
{
    Webmail *webmail = exchange->webmail;
    const char *address = exchange->login->address;
    const char *at = strchr(address, '@');
    MessageDraftOptions options = {
        .seconds = webmail_now(webmail) / SIM_SECOND,
        .domain = at == NULL ? NULL : at + 1,
        .seed = sim_random_next(&webmail->random),
    };
    g_autoptr(MessageDraft) draft = message_draft_new(&options);
    message_draft_add_addresses(draft, "From", address);
    message_draft_add_addresses(draft, "To", letter->to);
    if (letter->cc[0] != '\0') {
        message_draft_add_addresses(draft, "Cc", letter->cc);
    }
    message_draft_add_text(draft, "Subject", letter->subject);
    if (original != NULL) {
        add_references(draft, original);
    }
    message_draft_set_body(draft, body_of(exchange, letter));
    return message_draft_write(draft);
}

static void keep_copy(WebmailExchange *exchange, GBytes *octets)
{
    g_autoptr(MailFolder) sent = webmail_special_folder(exchange, "Sent", MAIL_USE_SENT);
    gint64 seconds = webmail_now(exchange->webmail) / SIM_SECOND;
    /* The message has gone; a full mailbox only means that there is no copy. */
    if (sent != NULL) {
        mail_folder_append(sent, octets, MAIL_FLAG_SEEN, seconds, NULL, NULL);
    }
}

void webmail_post_send(WebmailExchange *exchange)
{
    g_auto(Letter) letter = {0};
    g_autofree char *problem = NULL;
    g_autoptr(GBytes) original = NULL;
    g_autoptr(MailFolder) folder = NULL;
    guint32 uid;
    read_letter(exchange->form, &letter);
    if (exchange->form->is_cut || exchange->form->is_malformed) {
        show_again(exchange, &letter, 400, "The form did not come whole. Please send it again.");
        return;
    }
    g_autoptr(GPtrArray) recipients = read_recipients(&letter, &problem);
    if (recipients == NULL) {
        show_again(exchange, &letter, 400, problem);
        return;
    }
    if (webmail_read_uid(exchange->form, &uid)) {
        folder = webmail_open_folder(exchange, letter.folder);
        original = folder == NULL ? NULL : webmail_fetch(exchange, folder, exchange->form);
        if (original == NULL) {
            return;
        }
    }
    Webmail *webmail = exchange->webmail;
    g_autoptr(GBytes) octets = write_message(exchange, &letter, original);
    if (!webmail->send(
            webmail->send_data,
            exchange->login->address,
            (const char *const *)recipients->pdata,
            octets,
            &problem
        )) {
        show_again(exchange, &letter, 503, problem);
        return;
    }
    if (original != NULL) {
        mail_folder_change_flags(
            folder, uid, MAIL_FLAGS_ADD, MAIL_FLAG_ANSWERED, G_MAXUINT64, NULL
        );
    }
    keep_copy(exchange, octets);
    webmail_redirect(exchange, "/folder?name=INBOX&note=sent");
}
