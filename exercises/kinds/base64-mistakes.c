#include "exercises/kinds/base64-mistakes.h"

#include "protocol/encoding/base64-trace.h"

/* A row of bits cut into sixes, filled at the end, with padding to a multiple of four. */
static char *letters_of_bits(const char *bits, char fill)
{
    GString *letters = g_string_new(NULL);
    gsize length = strlen(bits);
    for (gsize i = 0; i < length; i += 6) {
        guint sextet = 0;
        for (gsize j = i; j < i + 6; j++) {
            sextet = sextet << 1 | ((j < length ? bits[j] : fill) == '1' ? 1u : 0u);
        }
        g_string_append_c(letters, base64_letter(sextet));
    }
    while (letters->len % 4 != 0) {
        g_string_append_c(letters, '=');
    }
    return g_string_free(letters, FALSE);
}

static char *all_bits(ByteSpan octets, bool keeps_zeros, bool backwards)
{
    GString *row = g_string_new(NULL);
    for (gsize i = 0; i < octets.length; i++) {
        char bits[9];
        base64_octet_bits(octets.data[backwards ? octets.length - 1 - i : i], bits);
        g_string_append(row, keeps_zeros ? bits : bits + strspn(bits, "0"));
    }
    return g_string_free(row, FALSE);
}

/* The last group with its zeros in front of the bits that are left over, not behind them. */
static char *filled_in_front(ByteSpan octets)
{
    g_autofree char *bits = all_bits(octets, true, false);
    gsize length = strlen(bits);
    gsize left = length % 6;
    if (left == 0) {
        return g_strdup("");
    }
    g_autofree char *moved = g_strdup_printf(
        "%.*s%.*s%s", (int)(length - left), bits, (int)(6 - left), "000000", bits + length - left
    );
    return letters_of_bits(moved, '0');
}

static char *one_letter_each(ByteSpan octets, guint shift)
{
    GString *letters = g_string_new(NULL);
    for (gsize i = 0; i < octets.length; i++) {
        g_string_append_c(letters, base64_letter(octets.data[i] >> shift & 63u));
    }
    return g_string_free(letters, FALSE);
}

/* Each letter of the key replaced by another by a rule. */
static char *changed_letters(const char *key, char (*change)(char letter))
{
    char *letters = g_strdup(key);
    for (char *at = letters; *at != '\0'; at++) {
        *at = *at == '=' ? '=' : change(*at);
    }
    return letters;
}

static char swap_case(char letter)
{
    return g_ascii_isupper(letter) ? g_ascii_tolower(letter) : g_ascii_toupper(letter);
}

static char one_less(char letter)
{
    return base64_letter((guint)(base64_sextet((guint8)letter) + 63) % 64);
}

static char one_more(char letter)
{
    return base64_letter((guint)(base64_sextet((guint8)letter) + 1) % 64);
}

static char digits_first(char letter)
{
    guint sextet = (guint)base64_sextet((guint8)letter);
    return "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/"[sextet];
}

static char url_alphabet(char letter)
{
    return letter == '+' ? '-' : letter == '/' ? '_' : letter;
}

static char *encode(const GString *text)
{
    return g_base64_encode((const guchar *)text->str, text->len);
}

static char *encode_as_hex(ByteSpan octets)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < octets.length; i++) {
        g_string_append_printf(text, "%02x", octets.data[i]);
    }
    return encode(text);
}

static char *encode_as_decimals(ByteSpan octets)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (gsize i = 0; i < octets.length; i++) {
        g_string_append_printf(text, "%s%u", i == 0 ? "" : " ", octets.data[i]);
    }
    return encode(text);
}

static char *encode_between(const char *before, ByteSpan octets, const char *behind)
{
    g_autoptr(GString) text = g_string_new(before);
    g_string_append_len(text, (const char *)octets.data, (gssize)octets.length);
    g_string_append(text, behind);
    return encode(text);
}

static void add_padding_mistakes(ExercisePart *part)
{
    g_autofree char *bare = g_strdup(part->key);
    bare[strcspn(bare, "=")] = '\0';
    g_autofree char *one = g_strconcat(bare, "=", NULL);
    g_autofree char *two = g_strconcat(bare, "==", NULL);
    exercise_part_mistake(
        part,
        "forgot the padding",
        bare,
        "All letters are right; the padding was forgotten.",
        "Count the letters: '=' signs make them up to a multiple of four."
    );
    const char *sentence =
        "All letters are right, but there is not as much padding as there must be.";
    const char *advice = "One octet left over: two letters and '=='. Two octets left over: three "
                         "letters and '='. None: no padding.";
    exercise_part_mistake(part, "wrong number of '='", one, sentence, advice);
    exercise_part_mistake(part, "wrong number of '='", two, sentence, advice);
}

static void add_bit_mistakes(ExercisePart *part, ByteSpan octets)
{
    g_autofree char *bits = all_bits(octets, true, false);
    g_autofree char *short_bits = all_bits(octets, false, false);
    g_autofree char *backward_bits = all_bits(octets, true, true);
    g_autofree char *dropped = letters_of_bits(short_bits, '0');
    g_autofree char *ones = letters_of_bits(bits, '1');
    g_autofree char *backwards = letters_of_bits(backward_bits, '0');
    g_autofree char *front = filled_in_front(octets);
    g_autofree char *low = one_letter_each(octets, 0);
    g_autofree char *high = one_letter_each(octets, 2);
    exercise_part_mistake(
        part,
        "dropped leading zeros",
        dropped,
        "The octets were written without their leading zeros: \"a\" is 01100001, eight bits, not "
        "1100001.",
        "Write every octet with all its eight bits, then cut into sixes again."
    );
    exercise_part_mistake(
        part,
        "filled with ones",
        ones,
        "The last sextet was filled up with ones.",
        "Fill it with zeros, behind the bits that are left over."
    );
    exercise_part_mistake(
        part,
        "filled in front",
        front,
        "The zeros that fill the last sextet were put in front of the bits that are left over.",
        "They go behind: the bits keep their place from the left."
    );
    exercise_part_mistake(
        part,
        "octets backwards",
        backwards,
        "The octets were taken in the wrong order, from the last to the first.",
        "Start with the first character; its highest bit comes first."
    );
    const char *groups = "Each octet was turned into one letter: groups of eight bits were used.";
    const char *advice = "Put all bits in one row and cut it into groups of SIX; three octets make "
                         "four letters.";
    exercise_part_mistake(part, "used 8-bit groups", low, groups, advice);
    exercise_part_mistake(part, "used 8-bit groups", high, groups, advice);
}

static void add_table_mistakes(ExercisePart *part)
{
    g_autofree char *swapped = changed_letters(part->key, swap_case);
    g_autofree char *less = changed_letters(part->key, one_less);
    g_autofree char *more = changed_letters(part->key, one_more);
    g_autofree char *digits = changed_letters(part->key, digits_first);
    g_autofree char *url = changed_letters(part->key, url_alphabet);
    exercise_part_mistake(
        part,
        "swapped upper and lower case",
        swapped,
        "Upper and lower case are swapped: 0 to 25 are A to Z, 26 to 51 are a to z.",
        "Look at the table again: capitals come first."
    );
    const char *one = "Every letter is one place away in the table, which counts from 0: 0 is A.";
    exercise_part_mistake(part, "counted the table from 1", less, one, "Count from 0.");
    exercise_part_mistake(part, "counted the table from 1", more, one, "Count from 0.");
    exercise_part_mistake(
        part,
        "another alphabet",
        digits,
        "The digits were put first; in base64 they come after the letters, 52 to 61.",
        "Use the table of RFC 4648 §4."
    );
    exercise_part_mistake(
        part,
        "the alphabet for URLs",
        url,
        "That is the alphabet for URLs and file names (RFC 4648 §5); mail has + and /.",
        "Write + for 62 and / for 63."
    );
}

static void add_text_mistakes(ExercisePart *part, ByteSpan octets)
{
    g_autofree char *hex = encode_as_hex(octets);
    g_autofree char *decimals = encode_as_decimals(octets);
    g_autofree char *quoted = encode_between("\"", octets, "\"");
    g_autofree char *ended = encode_between("", octets, "\n");
    g_autofree char *ended_crlf = encode_between("", octets, "\r\n");
    const char *digits =
        "The digits of the codes were encoded, not the octets that they stand for.";
    const char *advice = "An octet is eight bits: write its bits, not the digits of its number.";
    exercise_part_mistake(part, "encoded the hex digits", hex, digits, advice);
    exercise_part_mistake(part, "encoded the decimal digits", decimals, digits, advice);
    exercise_part_mistake(
        part,
        "encoded the quotes",
        quoted,
        "The quotation marks were encoded too.",
        "Only what stands between them is the text."
    );
    const char *end = "A line end was encoded with the text, as `echo` does.";
    exercise_part_mistake(part, "encoded a line end", ended, end, "Try printf '%s'.");
    exercise_part_mistake(part, "encoded a line end", ended_crlf, end, "Try printf '%s'.");
}

void base64_add_mistakes(ExercisePart *part, ByteSpan octets)
{
    add_padding_mistakes(part);
    add_table_mistakes(part);
    add_bit_mistakes(part, octets);
    add_text_mistakes(part, octets);
}
