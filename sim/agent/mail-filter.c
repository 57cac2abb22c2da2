#include "sim/agent/mail-filter.h"

#include "protocol/message/message-address.h"
#include "protocol/message/mime-tree.h"

#define FILTER_CONTENT_MAXIMUM (4u << 20) /* octets of one part that are looked at */

enum {
    SCORE_SUBJECT_IN_CAPITALS = 15,
    SCORE_SENDERS_DIFFER = 10,
    SCORE_NO_DATE = 10,
    SCORE_NO_MESSAGE_ID = 5,
};

typedef struct {
    char *word; /* lower case */
    int tenths;
} FilterWord;

typedef struct {
    char *name;
    GBytes *signature;
} FilterVirus;

struct MailFilter {
    GPtrArray *words;
    GPtrArray *viruses;
    int threshold;
    MailFilterAction spam_action;
    MailFilterAction virus_action;
};

static void free_word(gpointer data)
{
    FilterWord *word = data;
    g_free(word->word);
    g_free(word);
}

static void free_virus(gpointer data)
{
    FilterVirus *virus = data;
    g_free(virus->name);
    g_bytes_unref(virus->signature);
    g_free(virus);
}

MailFilter *mail_filter_new(void)
{
    MailFilter *filter = g_new0(MailFilter, 1);
    filter->words = g_ptr_array_new_with_free_func(free_word);
    filter->viruses = g_ptr_array_new_with_free_func(free_virus);
    filter->threshold = MAIL_FILTER_THRESHOLD;
    filter->spam_action = MAIL_FILTER_TAG;
    filter->virus_action = MAIL_FILTER_REJECT;
    return filter;
}

void mail_filter_free(MailFilter *filter)
{
    if (filter != NULL) {
        g_ptr_array_unref(filter->words);
        g_ptr_array_unref(filter->viruses);
        g_free(filter);
    }
}

void mail_filter_set_threshold(MailFilter *filter, int tenths)
{
    filter->threshold = tenths;
}

void mail_filter_set_spam_action(MailFilter *filter, MailFilterAction action)
{
    filter->spam_action = action;
}

void mail_filter_set_virus_action(MailFilter *filter, MailFilterAction action)
{
    filter->virus_action = action;
}

void mail_filter_add_word(MailFilter *filter, const char *word, int tenths)
{
    FilterWord *added = g_new0(FilterWord, 1);
    added->word = g_utf8_strdown(word, -1);
    added->tenths = tenths;
    g_ptr_array_add(filter->words, added);
}

void mail_filter_add_virus(MailFilter *filter, const char *name, ByteSpan signature)
{
    FilterVirus *added = g_new0(FilterVirus, 1);
    added->name = g_strdup(name);
    added->signature = g_bytes_new(signature.data, signature.length);
    g_ptr_array_add(filter->viruses, added);
}

MailFilter *mail_filter_copy(const MailFilter *filter)
{
    MailFilter *copy = mail_filter_new();
    copy->threshold = filter->threshold;
    copy->spam_action = filter->spam_action;
    copy->virus_action = filter->virus_action;
    for (guint i = 0; i < filter->words->len; i++) {
        const FilterWord *word = g_ptr_array_index(filter->words, i);
        mail_filter_add_word(copy, word->word, word->tenths);
    }
    for (guint i = 0; i < filter->viruses->len; i++) {
        const FilterVirus *virus = g_ptr_array_index(filter->viruses, i);
        gsize length;
        const void *octets = g_bytes_get_data(virus->signature, &length);
        mail_filter_add_virus(copy, virus->name, byte_span(octets, length));
    }
    return copy;
}

static void find(MailVerdict *verdict, int tenths, const char *what)
{
    verdict->score += tenths;
    g_ptr_array_add(
        verdict->findings,
        g_strdup_printf(
            "%s %s%d.%d", what, tenths < 0 ? "-" : "", ABS(tenths) / 10, ABS(tenths) % 10
        )
    );
}

static bool is_in_capitals(const char *text)
{
    guint letters = 0;
    for (; *text != '\0'; text = g_utf8_next_char(text)) {
        gunichar character = g_utf8_get_char(text);
        if (g_unichar_islower(character)) {
            return false;
        }
        letters += g_unichar_isupper(character) ? 1 : 0;
    }
    return letters >= 5;
}

static bool senders_differ(const HeaderBlock *header, const char *reverse_path)
{
    g_autofree char *from = header_block_text(header, "From");
    if (from == NULL || reverse_path[0] == '\0') {
        return false;
    }
    g_autoptr(MessageAddressList) list = message_address_list_parse(byte_span_from_string(from));
    for (guint i = 0; i < list->n_items; i++) {
        g_autofree char *path = message_address_path(&list->items[i]);
        if (path != NULL && g_ascii_strcasecmp(path, reverse_path) == 0) {
            return false;
        }
    }
    return true;
}

static void judge_header(MailVerdict *verdict, const MimePart *root, const char *reverse_path)
{
    g_autofree char *subject = header_block_decoded(&root->header, "Subject");
    if (subject != NULL && is_in_capitals(subject)) {
        find(verdict, SCORE_SUBJECT_IN_CAPITALS, "subject in capitals");
    }
    if (senders_differ(&root->header, reverse_path)) {
        find(verdict, SCORE_SENDERS_DIFFER, "From differs from MAIL FROM");
    }
    if (header_block_find(&root->header, "Date") == NULL) {
        find(verdict, SCORE_NO_DATE, "no Date");
    }
    if (header_block_find(&root->header, "Message-ID") == NULL) {
        find(verdict, SCORE_NO_MESSAGE_ID, "no Message-ID");
    }
}

/* Subject and all text parts, in small letters. */
static char *text_of(const MimeTree *tree)
{
    g_autoptr(GString) all = g_string_new(NULL);
    g_autofree char *subject = header_block_decoded(&mime_tree_root(tree)->header, "Subject");
    g_string_append(all, subject == NULL ? "" : subject);
    for (guint i = 0; i < mime_tree_n_parts(tree); i++) {
        const MimePart *part = mime_tree_part(tree, i);
        if (part->n_children == 0 && mime_part_is(part, "text", NULL)) {
            g_autofree char *text = mime_part_text(tree, part, FILTER_CONTENT_MAXIMUM);
            g_string_append_c(all, '\n');
            g_string_append(all, text);
        }
    }
    return g_utf8_strdown(all->str, -1);
}

static void judge_words(const MailFilter *filter, const MimeTree *tree, MailVerdict *verdict)
{
    g_autofree char *text = text_of(tree);
    for (guint i = 0; i < filter->words->len; i++) {
        const FilterWord *word = g_ptr_array_index(filter->words, i);
        if (strstr(text, word->word) != NULL) {
            g_autofree char *what = g_strdup_printf("'%s'", word->word);
            find(verdict, word->tenths, what);
        }
    }
}

static bool holds(GBytes *octets, GBytes *signature)
{
    gsize length;
    gsize wanted;
    const guint8 *data = g_bytes_get_data(octets, &length);
    const guint8 *needle = g_bytes_get_data(signature, &wanted);
    for (gsize i = 0; wanted > 0 && i + wanted <= length; i++) {
        if (data[i] == needle[0] && memcmp(data + i, needle, wanted) == 0) {
            return true;
        }
    }
    return false;
}

static void judge_viruses(const MailFilter *filter, const MimeTree *tree, MailVerdict *verdict)
{
    for (guint i = 0; filter->viruses->len > 0 && i < mime_tree_n_parts(tree); i++) {
        const MimePart *part = mime_tree_part(tree, i);
        if (part->n_children > 0) {
            continue;
        }
        g_autoptr(GBytes) content = mime_part_content(tree, part, FILTER_CONTENT_MAXIMUM, NULL);
        for (guint j = 0; j < filter->viruses->len && verdict->virus == NULL; j++) {
            const FilterVirus *virus = g_ptr_array_index(filter->viruses, j);
            verdict->virus = holds(content, virus->signature) ? g_strdup(virus->name) : NULL;
        }
    }
}

void mail_filter_judge(
    const MailFilter *filter, ByteSpan message, const char *reverse_path, MailVerdict *out_verdict
)
{
    g_autoptr(GBytes) octets = g_bytes_new(message.data, message.length);
    g_autoptr(MimeTree) tree = mime_tree_new(octets, NULL);
    MailVerdict verdict = {.findings = g_ptr_array_new_with_free_func(g_free)};
    judge_header(&verdict, mime_tree_root(tree), reverse_path);
    judge_words(filter, tree, &verdict);
    judge_viruses(filter, tree, &verdict);
    verdict.is_spam = verdict.score >= filter->threshold;
    verdict.action = verdict.virus != NULL ? filter->virus_action
                     : verdict.is_spam     ? filter->spam_action
                                           : MAIL_FILTER_TAG;
    *out_verdict = verdict;
}

void mail_verdict_clear(MailVerdict *verdict)
{
    g_clear_pointer(&verdict->findings, g_ptr_array_unref);
    g_clear_pointer(&verdict->virus, g_free);
}

char *mail_verdict_write(const MailVerdict *verdict)
{
    GString *out = g_string_new(NULL);
    g_string_append_printf(
        out,
        "X-Spam-Flag: %s\r\nX-Spam-Score: %s%d.%d\r\n",
        verdict->is_spam ? "YES" : "NO",
        verdict->score < 0 ? "-" : "",
        ABS(verdict->score) / 10,
        ABS(verdict->score) % 10
    );
    for (guint i = 0; i < verdict->findings->len; i++) {
        const char *finding = g_ptr_array_index(verdict->findings, i);
        g_autofree char *safe = g_str_to_ascii(finding, "C");
        g_strdelimit(safe, "\r\n", ' ');
        g_string_append_printf(out, "X-Spam-Finding: %.200s\r\n", safe);
    }
    if (verdict->virus != NULL) {
        g_autofree char *safe = g_str_to_ascii(verdict->virus, "C");
        g_strdelimit(safe, "\r\n", ' ');
        g_string_append_printf(out, "X-Virus-Status: infected (%.100s)\r\n", safe);
    } else {
        g_string_append(out, "X-Virus-Status: clean\r\n");
    }
    return g_string_free(out, FALSE);
}
