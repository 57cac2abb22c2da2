/* Reading: the messages of a folder, one message, an attachment; deleting. */

#include "protocol/message/mime-tree.h"
#include "sim/agent/webmail-private.h"

#define TEXT_SHOWN_MAXIMUM (1024 * 1024)
#define ATTACHMENT_MAXIMUM (64u * 1024 * 1024)

bool webmail_read_uid(const HttpForm *form, guint32 *out_uid)
{
    ByteSpan text;
    guint64 number;
    if (!http_form_value(form, "uid", &text) || !byte_span_to_number(text, &number) ||
        number == 0 || number > G_MAXUINT32) {
        return false;
    }
    *out_uid = (guint32)number;
    return true;
}

MailFolder *webmail_open_folder(WebmailExchange *exchange, const char *name)
{
    MailFolder *folder = NULL;
    g_autoptr(GError) error = NULL;
    MailStoreResult result = mail_folder_open(
        webmail_store(exchange->webmail), exchange->login->address, name, &folder, &error
    );
    if (result == MAIL_STORE_DONE && mail_folder_refresh(folder, &error) == MAIL_STORE_DONE) {
        return folder;
    }
    mail_folder_unref(folder);
    webmail_page_error(exchange, 404, "The folder “%s” cannot be opened.", name);
    return NULL;
}

GBytes *webmail_fetch(WebmailExchange *exchange, MailFolder *folder, const HttpForm *where)
{
    GBytes *octets = NULL;
    guint32 uid;
    g_autoptr(GError) error = NULL;
    if (webmail_read_uid(where, &uid) &&
        mail_folder_fetch(folder, uid, &octets, &error) == MAIL_STORE_DONE) {
        return octets;
    }
    webmail_page_error(exchange, 404, "This message is not there any more.");
    return NULL;
}

MailFolder *webmail_special_folder(WebmailExchange *exchange, const char *name, MailUse use)
{
    MailStore *store = webmail_store(exchange->webmail);
    const char *account = exchange->login->address;
    MailFolder *folder = NULL;
    mail_store_create(store, account, name, use, NULL); /* it may be there already */
    return mail_folder_open(store, account, name, &folder, NULL) == MAIL_STORE_DONE ? folder : NULL;
}

/* What is said above a folder: words of ours, chosen by a word of the URL. */
static const char *note_of(const WebmailExchange *exchange)
{
    g_autofree char *word = webmail_form_text(exchange->query, "note");
    return g_str_equal(word, "sent")      ? "The message is on its way."
           : g_str_equal(word, "moved")   ? "The message is in Trash now."
           : g_str_equal(word, "deleted") ? "The message is deleted."
                                          : NULL;
}

static char *field_or(const HeaderBlock *header, const char *name, const char *otherwise)
{
    char *text = header_block_decoded(header, name);
    if (text == NULL || *text == '\0') {
        g_free(text);
        return g_strdup(otherwise);
    }
    return text;
}

static void add_row(WebmailExchange *exchange, MailFolder *folder, guint index)
{
    MailMessage message = *mail_folder_message(folder, index);
    g_autoptr(GBytes) octets = NULL;
    HeaderBlock header;
    gsize length = 0;
    const void *data = NULL;
    if (mail_folder_fetch(folder, message.uid, &octets, NULL) == MAIL_STORE_DONE) {
        data = g_bytes_get_data(octets, &length);
    }
    header_block_init(&header);
    header_block_parse(&header, byte_span(data, length), 0);
    g_autofree char *from = field_or(&header, "From", "(nobody)");
    g_autofree char *subject = field_or(&header, "Subject", "(no subject)");
    g_autofree char *date = field_or(&header, "Date", "");
    g_autofree char *name = webmail_url_text(mail_folder_name(folder));
    bool is_seen = (message.flags & MAIL_FLAG_SEEN) != 0;
    webmail_page_add(
        exchange,
        "<tr class=\"%s\"><td>%s</td><td><a href=\"/message?name=%s&amp;uid=%u\">%s</a></td>"
        "<td>%s</td><td>%" G_GUINT64_FORMAT "</td></tr>\n",
        is_seen ? "seen" : "new",
        from,
        name,
        message.uid,
        subject,
        date,
        message.size
    );
    header_block_clear(&header);
}

static guint page_number(const WebmailExchange *exchange, guint pages)
{
    ByteSpan text;
    guint64 number;
    if (!http_form_value(exchange->query, "page", &text) || !byte_span_to_number(text, &number)) {
        return 0;
    }
    return (guint)MIN(number, pages - 1);
}

static void add_pages(WebmailExchange *exchange, const char *folder, guint page, guint pages)
{
    g_autofree char *name = webmail_url_text(folder);
    if (page > 0) {
        webmail_page_add(
            exchange, "<a href=\"/folder?name=%s&amp;page=%u\">Newer</a>\n", name, page - 1
        );
    }
    if (page + 1 < pages) {
        webmail_page_add(
            exchange, "<a href=\"/folder?name=%s&amp;page=%u\">Older</a>\n", name, page + 1
        );
    }
}

void webmail_get_folder(WebmailExchange *exchange)
{
    g_autofree char *name = webmail_form_text(exchange->query, "name");
    g_autoptr(MailFolder) folder = webmail_open_folder(exchange, name);
    if (folder == NULL) {
        return;
    }
    guint count = mail_folder_count(folder);
    guint pages = count / WEBMAIL_MESSAGES_SHOWN + 1;
    guint page = page_number(exchange, pages);
    guint last = count - MIN(count, page * WEBMAIL_MESSAGES_SHOWN);
    guint first = last - MIN(last, WEBMAIL_MESSAGES_SHOWN);
    const char *note = note_of(exchange);
    webmail_page_begin(exchange, mail_folder_name(folder));
    if (note != NULL) {
        webmail_page_add(exchange, "<p class=\"note\">%s</p>\n", note);
    }
    webmail_page_add(exchange, "<p>%u message%s</p>\n", count, count == 1 ? "" : "s");
    g_string_append(
        exchange->html,
        "<table><tr><th>From</th><th>Subject</th><th>Date</th><th>Octets</th></tr>\n"
    );
    for (guint i = last; i > first; i--) {
        add_row(exchange, folder, i - 1);
    }
    g_string_append(exchange->html, "</table>\n");
    add_pages(exchange, mail_folder_name(folder), page, pages);
    webmail_page_end(exchange);
}

static void add_fields(WebmailExchange *exchange, const HeaderBlock *header)
{
    static const char *const names[] = {"From", "To", "Cc", "Date", "Subject"};
    g_string_append(exchange->html, "<table>\n");
    for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text = header_block_decoded(header, names[i]);
        if (text != NULL) {
            webmail_page_add(exchange, "<tr><th>%s</th><td>%s</td></tr>\n", names[i], text);
        }
    }
    g_string_append(exchange->html, "</table>\n");
}

static void add_text(WebmailExchange *exchange, const MimeTree *tree)
{
    const MimePart *part = mime_tree_text_part(tree, "plain");
    if (part == NULL) {
        part = mime_tree_text_part(tree, "html");
        if (part != NULL) {
            g_string_append(
                exchange->html,
                "<p>There is no plain text in this message. This is its HTML, not shown as a page "
                "because it could carry what the reader does not want:</p>\n"
            );
        }
    }
    if (part != NULL) {
        g_autofree char *text = mime_part_text(tree, part, TEXT_SHOWN_MAXIMUM);
        webmail_page_add(exchange, "<pre>%s</pre>\n", text);
    }
}

static void add_attachments(
    WebmailExchange *exchange, const MimeTree *tree, const MailFolder *folder, guint32 uid
)
{
    g_autofree char *name = webmail_url_text(mail_folder_name(folder));
    for (guint i = 0; i < mime_tree_n_parts(tree); i++) {
        const MimePart *part = mime_tree_part(tree, i);
        if (!mime_part_is_attachment(part)) {
            continue;
        }
        g_autofree char *label = mime_safe_file_name(part->file_name, "attachment");
        webmail_page_add(
            exchange,
            "<p>Attachment: <a href=\"/attachment?name=%s&amp;uid=%u&amp;part=%u\">%s</a>, "
            "%s/%s, %" G_GSIZE_FORMAT " octets</p>\n",
            name,
            uid,
            i,
            label,
            part->type,
            part->subtype,
            mime_part_content_length(tree, part)
        );
    }
}

static void add_deeds(WebmailExchange *exchange, const MailFolder *folder, guint32 uid)
{
    g_autofree char *name = webmail_url_text(mail_folder_name(folder));
    webmail_page_add(
        exchange,
        "<p><a href=\"/compose?name=%s&amp;uid=%u\">Reply</a> "
        "<a href=\"/compose?name=%s&amp;uid=%u&amp;all=1\">Reply to all</a></p>\n",
        name,
        uid,
        name,
        uid
    );
    g_string_append(exchange->html, "<form method=\"post\" action=\"/delete\">");
    webmail_page_token(exchange);
    webmail_page_add(
        exchange,
        "<input type=\"hidden\" name=\"name\" value=\"%s\">"
        "<input type=\"hidden\" name=\"uid\" value=\"%u\"><button>Delete</button></form>\n",
        mail_folder_name(folder),
        uid
    );
}

void webmail_get_message(WebmailExchange *exchange)
{
    g_autofree char *name = webmail_form_text(exchange->query, "name");
    g_autoptr(MailFolder) folder = webmail_open_folder(exchange, name);
    g_autoptr(GBytes) octets =
        folder == NULL ? NULL : webmail_fetch(exchange, folder, exchange->query);
    guint32 uid = 0;
    if (octets == NULL || !webmail_read_uid(exchange->query, &uid)) {
        return;
    }
    g_autoptr(MimeTree) tree = mime_tree_new(octets, NULL);
    const HeaderBlock *header = &mime_tree_root(tree)->header;
    g_autofree char *subject = field_or(header, "Subject", "(no subject)");
    mail_folder_change_flags(folder, uid, MAIL_FLAGS_ADD, MAIL_FLAG_SEEN, G_MAXUINT64, NULL);
    webmail_page_begin(exchange, subject);
    add_fields(exchange, header);
    add_text(exchange, tree);
    add_attachments(exchange, tree, folder, uid);
    add_deeds(exchange, folder, uid);
    webmail_page_end(exchange);
}

/* Fit for a quoted string of a header field. */
static char *field_file_name(const MimePart *part)
{
    char *name = mime_safe_file_name(part->file_name, "attachment");
    for (char *at = name; *at != '\0'; at++) {
        if (!g_ascii_isprint(*at) || *at == '"' || *at == '\\') {
            *at = '_';
        }
    }
    return name;
}

void webmail_get_attachment(WebmailExchange *exchange)
{
    g_autofree char *name = webmail_form_text(exchange->query, "name");
    g_autoptr(MailFolder) folder = webmail_open_folder(exchange, name);
    g_autoptr(GBytes) octets =
        folder == NULL ? NULL : webmail_fetch(exchange, folder, exchange->query);
    ByteSpan text;
    guint64 number;
    if (octets == NULL) {
        return;
    }
    g_autoptr(MimeTree) tree = mime_tree_new(octets, NULL);
    if (!http_form_value(exchange->query, "part", &text) || !byte_span_to_number(text, &number) ||
        number >= mime_tree_n_parts(tree)) {
        webmail_page_error(exchange, 404, "The message has no such part.");
        return;
    }
    const MimePart *part = mime_tree_part(tree, (guint)number);
    exchange->content = mime_part_content(tree, part, ATTACHMENT_MAXIMUM, NULL);
    exchange->file_name = field_file_name(part);
}

/* Into Trash; from Trash for good. */
void webmail_post_delete(WebmailExchange *exchange)
{
    g_autofree char *name = webmail_form_text(exchange->form, "name");
    g_autoptr(MailFolder) folder = webmail_open_folder(exchange, name);
    g_autoptr(GError) error = NULL;
    guint32 uid;
    if (folder == NULL) {
        return;
    }
    if (!webmail_read_uid(exchange->form, &uid)) {
        webmail_page_error(exchange, 400, "The form does not say which message.");
        return;
    }
    g_autoptr(MailFolder) trash = webmail_special_folder(exchange, "Trash", MAIL_USE_TRASH);
    bool is_final = trash == NULL || g_str_equal(mail_folder_name(folder), "Trash");
    MailStoreResult result = is_final ? mail_folder_expunge(folder, &uid, 1, &error)
                                      : mail_folder_move(folder, &uid, 1, trash, NULL, &error);
    if (result != MAIL_STORE_DONE) {
        webmail_page_error(
            exchange, 500, "It could not be deleted: %s.", mail_store_result_text(result)
        );
        return;
    }
    g_autofree char *coded = webmail_url_text(mail_folder_name(folder));
    webmail_redirect(exchange, "/folder?name=%s&note=%s", coded, is_final ? "deleted" : "moved");
}
