#include "ui/anonymize/anonymize-text.h"

#include "protocol/catalogue/catalogue.h"
#include "protocol/encoding/base64.h"
#include "ui/anonymize/anonymize-words.h"

#include <string.h>

#define HOST_MINIMUM 6 /* shorter runs among octets that are no text come by chance */

static bool is_letter(guint8 octet)
{
    return g_ascii_isalnum(octet) || octet >= 0x80;
}

static bool is_number(ByteSpan word)
{
    for (gsize i = 0; i < word.length; i++) {
        if (!g_ascii_isdigit(word.data[i])) {
            return false;
        }
    }
    return true;
}

static gsize character_length(const guint8 *text, gsize length)
{
    gsize wanted = text[0] >= 0xf0 ? 4 : text[0] >= 0xe0 ? 3 : text[0] >= 0xc2 ? 2 : 1;
    for (gsize i = 1; i < wanted; i++) {
        if (i >= length || (text[i] & 0xc0) != 0x80) {
            return 1;
        }
    }
    return wanted;
}

static void change_word(AnonymizeNames *names, guint8 *word, gsize length, AnonymizeManner manner)
{
    ByteSpan span = byte_span(word, length);
    bool is_grammar = is_number(span) || anonymize_is_grammar(span);
    bool stays = manner == ANONYMIZE_SPEECH
                     ? !anonymize_is_name(names, span) && (is_grammar || anonymize_is_usual(span))
                 : manner == ANONYMIZE_GRAMMAR ? is_grammar
                                               : false;
    if (!stays) {
        bool is_name = manner == ANONYMIZE_NAMES && length > 2 && !is_number(span);
        anonymize_word(names, word, length, is_name);
    }
}

/* Words of ASCII, and single characters beyond it. */
static void change_words(AnonymizeNames *names, guint8 *text, gsize length, AnonymizeManner manner)
{
    for (gsize i = 0; i < length;) {
        gsize from = i;
        if (text[i] >= 0x80) {
            i += character_length(text + i, length - i);
            if (manner != ANONYMIZE_SPEECH) {
                anonymize_character(names, text + from, i - from);
            }
        } else if (g_ascii_isalnum(text[i])) {
            while (i < length && g_ascii_isalnum(text[i])) {
                i++;
            }
            change_word(names, text + from, i - from, manner);
        } else {
            i++;
        }
    }
}

void anonymize_domain(AnonymizeNames *names, guint8 *text, gsize length)
{
    for (gsize i = 0; i < length;) {
        gsize from = i;
        while (i < length && text[i] != '.') {
            i++;
        }
        ByteSpan label = byte_span(text + from, i - from);
        bool is_last = i >= length || i + 1 == length;
        if (!anonymize_is_service(label) && !(is_last && from > 0 && label.length <= 4)) {
            change_words(names, text + from, label.length, ANONYMIZE_NAMES);
        }
        i++;
    }
}

/* Four numbers up to 255 with dots between. */
static bool read_quad(ByteSpan text, guint8 out[4])
{
    ByteSpan part;
    guint count = 0;
    while (byte_span_next_token(&text, '.', &part)) {
        guint64 number;
        if (count == 4 || part.length == 0 || part.length > 3 ||
            !byte_span_to_number(part, &number) || number > 255) {
            return false;
        }
        out[count++] = (guint8)number;
    }
    return count == 4;
}

static bool change_quad(AnonymizeNames *names, guint8 *text, gsize length)
{
    guint8 octets[4];
    char other[16];
    if (!read_quad(byte_span(text, length), octets)) {
        return false;
    }
    anonymize_address(names, octets, sizeof octets);
    g_snprintf(other, sizeof other, "%u.%u.%u.%u", octets[0], octets[1], octets[2], octets[3]);
    if (strlen(other) == length) { /* it was written without leading zeros */
        memcpy(text, other, length);
    }
    return true;
}

/* A run of letters, digits, dots, hyphens and underscores. */
typedef struct {
    guint8 *text;
    gsize length;
    guint dots;
    bool has_letters;
    bool is_behind_at;
    bool is_before_at;
} Run;

static Run next_run(guint8 *text, gsize length, gsize from)
{
    Run run = {.text = text + from};
    gsize end = from;
    while (end < length && (is_letter(text[end]) || strchr(".-_", text[end]) != NULL)) {
        if (text[end] == '\0') {
            break;
        }
        run.dots += text[end] == '.' && end > from && end + 1 < length && is_letter(text[end + 1]);
        run.has_letters |= is_letter(text[end]) && !g_ascii_isdigit(text[end]);
        end++;
    }
    while (end > from && !is_letter(text[end - 1])) {
        end--; /* punctuation */
    }
    run.length = end - from;
    run.is_behind_at = from > 0 && text[from - 1] == '@';
    run.is_before_at = end < length && text[end] == '@';
    return run;
}

/* Is it a host's name? "e.g" and version numbers are none. */
static bool is_domain(const Run *run)
{
    if (run->is_behind_at) {
        return true;
    }
    const guint8 *last = run->text + run->length;
    gsize length = 0;
    while (length < run->length && last[-1 - (gssize)length] != '.') {
        length++;
    }
    return run->dots > 0 && run->has_letters && length >= 2 && length < run->length &&
           g_ascii_isalpha(last[-1]);
}

static void change_run_of_text(AnonymizeNames *names, const Run *run, AnonymizeManner manner)
{
    if (run->dots == 3 && !run->has_letters && change_quad(names, run->text, run->length)) {
        return;
    }
    bool is_dotted_token = manner == ANONYMIZE_GRAMMAR && !run->is_behind_at &&
                           anonymize_is_grammar(byte_span(run->text, run->length));
    if (run->is_before_at) {
        change_words(names, run->text, run->length, ANONYMIZE_NAMES);
    } else if (is_domain(run) && !is_dotted_token) {
        anonymize_domain(names, run->text, run->length);
    } else {
        change_words(names, run->text, run->length, manner);
    }
}

void anonymize_text(AnonymizeNames *names, guint8 *text, gsize length, AnonymizeManner manner)
{
    for (gsize i = 0; i < length;) {
        if (!is_letter(text[i])) {
            i++;
            continue;
        }
        Run run = next_run(text, length, i);
        change_run_of_text(names, &run, manner);
        i += MAX(run.length, 1);
    }
}

void anonymize_base64_run(AnonymizeNames *names, guint8 *text, gsize length)
{
    gsize end = length;
    while (end > 0 && text[end - 1] == '=') {
        end--;
    }
    change_words(names, text, end, ANONYMIZE_EVERYTHING);
    guint spare = (guint)(length - end); /* '=' signs: so many pairs of bits are zeros */
    if (spare > 0 && spare < 3 && end > 0) {
        int sextet = base64_sextet(text[end - 1]);
        if (sextet >= 0) {
            text[end - 1] = (guint8)base64_letter((guint)sextet & (spare == 2 ? 0x30u : 0x3cu));
        }
    }
}

void anonymize_base64(AnonymizeNames *names, guint8 *text, gsize length, AnonymizeManner manner)
{
    ByteBuffer octets;
    ByteBuffer encoded;
    byte_buffer_init(&octets, length + 3);
    byte_buffer_init(&encoded, length + 3);
    if (length > 0 && base64_decode(byte_span(text, length), &octets, NULL)) {
        anonymize_text(names, octets.data + octets.start, byte_buffer_length(&octets), manner);
        if (base64_encode(byte_buffer_span(&octets), &encoded) &&
            byte_buffer_length(&encoded) == length) {
            memcpy(text, byte_buffer_span(&encoded).data, length);
        }
    } else {
        anonymize_base64_run(names, text, length);
    }
    byte_buffer_clear(&octets);
    byte_buffer_clear(&encoded);
}

/* Text with "%40" in it; the two digits stay. */
static void change_escaped(AnonymizeNames *names, guint8 *text, gsize length)
{
    gsize from = 0;
    for (gsize i = 0; i <= length; i++) {
        if (i == length || text[i] == '%') {
            anonymize_text(names, text + from, i - from, ANONYMIZE_EVERYTHING);
            i += i < length ? 2 : 0;
            from = MIN(i + 1, length);
        }
    }
}

void anonymize_form(AnonymizeNames *names, guint8 *text, gsize length)
{
    for (gsize i = 0; i < length;) {
        gsize end = i;
        gsize value = 0;
        while (end < length && text[end] != '&') {
            if (text[end] == '=' && value == 0) {
                value = end + 1;
            }
            end++;
        }
        gsize from = value > 0 ? value : i;
        change_escaped(names, text + from, end - from);
        i = end + 1;
    }
}

/* From '<' to '>': the words outside quotes are tags and attributes. */
static gsize change_tag(AnonymizeNames *names, guint8 *text, gsize length)
{
    gsize i = 1;
    while (i < length && text[i] != '>') {
        guint8 quote = text[i];
        gsize from = ++i;
        if (quote != '"' && quote != '\'') {
            continue;
        }
        while (i < length && text[i] != quote) {
            i++;
        }
        anonymize_text(names, text + from, i - from, ANONYMIZE_GRAMMAR);
        i += i < length;
    }
    return MIN(i + 1, length);
}

void anonymize_html(AnonymizeNames *names, guint8 *text, gsize length)
{
    for (gsize i = 0; i < length;) {
        gsize from = i;
        while (i < length && text[i] != '<') {
            i++;
        }
        anonymize_text(names, text + from, i - from, ANONYMIZE_EVERYTHING);
        if (i < length) {
            i += change_tag(names, text + i, length - i);
        }
    }
}

void anonymize_binary(AnonymizeNames *names, guint8 *octets, gsize length)
{
    for (gsize i = 0; i < length;) {
        gsize from = i;
        guint dots = 0;
        while (i < length && (g_ascii_isalnum(octets[i]) || octets[i] == '-' || octets[i] == '.')) {
            dots += octets[i] == '.';
            i++;
        }
        Run run = {.text = octets + from, .length = i - from, .dots = dots, .has_letters = true};
        if (run.length >= HOST_MINIMUM && is_domain(&run)) {
            anonymize_domain(names, run.text, run.length);
        }
        i = MAX(i, from + 1);
    }
}
