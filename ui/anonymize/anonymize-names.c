#include "ui/anonymize/anonymize-names.h"

#include <string.h>

#define TRIES_MAXIMUM 64
#define DIGEST_LENGTH 32

struct AnonymizeNames {
    guint8 key[DIGEST_LENGTH];
    GHashTable *others; /* word in small letters -> its other name */
    GHashTable *taken;  /* other names in use */
    GHashTable *names;  /* words that were learned as names */
};

/* What a word is drawn from: as many octets as anybody needs, always the same. */
typedef struct {
    const AnonymizeNames *names;
    ByteSpan about;
    guint8 block[DIGEST_LENGTH];
    guint32 count;
    guint used;
} Drawing;

AnonymizeNames *anonymize_names_new(ByteSpan key)
{
    AnonymizeNames *names = g_new0(AnonymizeNames, 1);
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    gsize length = sizeof names->key;
    g_checksum_update(sum, key.data, (gssize)key.length);
    g_checksum_get_digest(sum, names->key, &length);
    names->others = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    names->taken = g_hash_table_new(g_str_hash, g_str_equal);
    names->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    return names;
}

void anonymize_names_free(AnonymizeNames *names)
{
    if (names != NULL) {
        g_hash_table_unref(names->taken);
        g_hash_table_unref(names->others);
        g_hash_table_unref(names->names);
        g_free(names);
    }
}

static void next_block(Drawing *drawing)
{
    gsize length = sizeof drawing->block;
    GHmac *hmac = g_hmac_new(G_CHECKSUM_SHA256, drawing->names->key, sizeof drawing->names->key);
    guint8 count[4] = {
        (guint8)(drawing->count >> 24),
        (guint8)(drawing->count >> 16),
        (guint8)(drawing->count >> 8),
        (guint8)drawing->count,
    };
    g_hmac_update(hmac, count, sizeof count);
    g_hmac_update(hmac, drawing->about.data, (gssize)drawing->about.length);
    g_hmac_get_digest(hmac, drawing->block, &length);
    g_hmac_unref(hmac);
    drawing->count++;
    drawing->used = 0;
}

static Drawing begin_drawing(const AnonymizeNames *names, ByteSpan about, guint32 round)
{
    Drawing drawing = {.names = names, .about = about, .count = round << 16};
    next_block(&drawing);
    return drawing;
}

static guint draw(Drawing *drawing, guint below)
{
    if (drawing->used == DIGEST_LENGTH) {
        next_block(drawing);
    }
    return drawing->block[drawing->used++] % below;
}

static bool is_hexadecimal(ByteSpan word)
{
    for (gsize i = 0; i < word.length; i++) {
        if (!g_ascii_isxdigit(word.data[i])) {
            return false;
        }
    }
    return word.length >= 8;
}

/* Vowel and consonant in turn, so that the other name can be spoken; a digest stays one. */
static void draw_word(Drawing *drawing, ByteSpan word, guint8 *out)
{
    static const char vowels[] = "aeiou";
    static const char consonants[] = "bdfgklmnprstvz";
    bool is_digest = is_hexadecimal(word);
    bool wants_vowel = draw(drawing, 2) == 0;
    for (gsize i = 0; i < word.length; i++) {
        if (g_ascii_isdigit(word.data[i])) {
            out[i] = (guint8)('0' + draw(drawing, 10));
        } else if (is_digest) {
            out[i] = (guint8)('a' + draw(drawing, 6));
        } else {
            out[i] =
                (guint8)(wants_vowel ? vowels[draw(drawing, 5)] : consonants[draw(drawing, 14)]);
            wants_vowel = !wants_vowel;
        }
    }
}

/* The other name in small letters, into 'out'; a new one is remembered while there is room. */
static void find_other(AnonymizeNames *names, const char *small, gsize length, guint8 *out)
{
    const char *known = g_hash_table_lookup(names->others, small);
    if (known != NULL) {
        memcpy(out, known, length);
        return;
    }
    bool has_room = g_hash_table_size(names->others) < ANONYMIZE_WORDS_MAXIMUM;
    char other[ANONYMIZE_WORD_MAXIMUM + 1] = "";
    for (guint32 round = 0; round < TRIES_MAXIMUM; round++) {
        Drawing drawing = begin_drawing(names, byte_span(small, length), round);
        draw_word(&drawing, byte_span(small, length), (guint8 *)other);
        if (!has_room ||
            (strcmp(other, small) != 0 && !g_hash_table_contains(names->taken, other))) {
            break;
        }
    }
    memcpy(out, other, length);
    if (has_room) {
        char *kept = g_strdup(other);
        g_hash_table_insert(names->others, g_strdup(small), kept);
        g_hash_table_add(names->taken, kept);
    }
}

static void keep_capitals(guint8 *word, const guint8 *other, gsize length)
{
    for (gsize i = 0; i < length; i++) {
        word[i] = g_ascii_isupper(word[i]) ? (guint8)g_ascii_toupper((char)other[i]) : other[i];
    }
}

/* Runs that are no words: lines of base64, long tokens. Capital and small letters are different
 * things in them. */
static void change_run(const AnonymizeNames *names, guint8 *run, gsize length)
{
    g_autofree guint8 *before = g_memdup2(run, length);
    Drawing drawing = begin_drawing(names, byte_span(before, length), 0);
    for (gsize i = 0; i < length; i++) {
        run[i] = (guint8
        )(g_ascii_isdigit(run[i])   ? '0' + draw(&drawing, 10)
          : g_ascii_isupper(run[i]) ? 'A' + draw(&drawing, 26)
                                    : 'a' + draw(&drawing, 26));
    }
}

void anonymize_word(AnonymizeNames *names, guint8 *word, gsize length, bool is_name)
{
    guint8 other[ANONYMIZE_WORD_MAXIMUM];
    if (length > ANONYMIZE_WORD_MAXIMUM) {
        change_run(names, word, length);
        return;
    }
    g_autofree char *small = g_ascii_strdown((const char *)word, (gssize)length);
    if (is_name && g_hash_table_size(names->names) < ANONYMIZE_WORDS_MAXIMUM) {
        g_hash_table_add(names->names, g_strdup(small));
    }
    find_other(names, small, length, other);
    keep_capitals(word, other, length);
}

bool anonymize_is_name(const AnonymizeNames *names, ByteSpan word)
{
    char small[ANONYMIZE_WORD_MAXIMUM + 1];
    if (word.length > ANONYMIZE_WORD_MAXIMUM) {
        return false;
    }
    for (gsize i = 0; i < word.length; i++) {
        small[i] = g_ascii_tolower((char)word.data[i]);
    }
    small[word.length] = '\0';
    return g_hash_table_contains(names->names, small);
}

/* Letters with accents, Han characters, pictures: by the number of octets. */
void anonymize_character(const AnonymizeNames *names, guint8 *octets, gsize length)
{
    guint8 before[4] = {0};
    length = MIN(length, sizeof before);
    memcpy(before, octets, length);
    Drawing drawing = begin_drawing(names, byte_span(before, length), 0);
    if (length == 2) {
        octets[0] = 0xc3;
        octets[1] = (guint8)(0xa0 + draw(&drawing, 0x17));
    } else if (length == 3) {
        octets[0] = (guint8)(0xe5 + draw(&drawing, 4));
        octets[1] = (guint8)(0x80 + draw(&drawing, 0x40));
        octets[2] = (guint8)(0x80 + draw(&drawing, 0x40));
    } else if (length == 4) {
        octets[0] = 0xf0;
        octets[1] = 0x9f;
        octets[2] = (guint8)(0x8d + draw(&drawing, 2));
        octets[3] = (guint8)(0x80 + draw(&drawing, 0x40));
    } else {
        octets[0] = (guint8)(0xc0 + draw(&drawing, 0x17)); /* a letter in every ISO 8859 */
    }
}

static guint common_divisor(guint left, guint right)
{
    while (right != 0) {
        guint rest = left % right;
        left = right;
        right = rest;
    }
    return left;
}

/* Numbers of a range in another order: no two become the same. */
typedef struct {
    guint low;
    guint count;
    guint factor;
    guint shift;
} Permutation;

static Permutation draw_permutation(Drawing *drawing, guint low, guint count)
{
    Permutation order = {.low = low, .count = count, .factor = 1};
    order.shift = (draw(drawing, 256) << 8 | draw(drawing, 256)) % count;
    for (guint i = 0; i < TRIES_MAXIMUM; i++) {
        guint factor = 1 + (draw(drawing, 256) << 8 | draw(drawing, 256)) % count;
        if (common_divisor(factor, count) == 1) {
            order.factor = factor;
            break;
        }
    }
    return order;
}

static guint permuted(const Permutation *order, guint number)
{
    guint64 place = (guint64)order->factor * (number - order->low) + order->shift;
    return order->low + (guint)(place % order->count);
}

/* A part of an IPv4 address, with as many decimal digits; 0 and 255 stay, and no first part
 * becomes 10 or 127. */
static guint8 change_decimal(Drawing *drawing, guint8 number, bool is_first)
{
    if (number == 0 || number == 255) {
        return number;
    }
    Permutation order = number >= 100 ? draw_permutation(drawing, 100, is_first ? 124 : 155)
                        : number < 10 ? draw_permutation(drawing, 1, 9)
                        : is_first    ? draw_permutation(drawing, 11, 89)
                                      : draw_permutation(drawing, 10, 90);
    guint other = permuted(&order, number);
    return (guint8)(is_first && other == 127 ? permuted(&order, other) : other);
}

/* How many octets at the front say what kind of network it is, and so stay. */
static gsize special_octets(const guint8 *octets)
{
    if (octets[0] == 127 || octets[0] == 0 || octets[0] >= 224) {
        return 4;
    }
    if ((octets[0] == 192 && octets[1] == 168) || (octets[0] == 169 && octets[1] == 254) ||
        (octets[0] == 172 && octets[1] >= 16 && octets[1] < 32)) {
        return 2;
    }
    return octets[0] == 10 ? 1 : 0;
}

/* Hosts of one network stay in one network: each part hangs on those before it. */
static void change_version_4(const AnonymizeNames *names, guint8 *octets)
{
    guint8 before[4];
    memcpy(before, octets, sizeof before);
    for (gsize i = special_octets(before); i < sizeof before; i++) {
        Drawing drawing = begin_drawing(names, byte_span(before, i), 4);
        octets[i] = change_decimal(&drawing, before[i], i == 0);
    }
}

/* Groups of zeros stay, and each group keeps its number of hexadecimal digits. */
static void change_version_6(const AnonymizeNames *names, guint8 *octets)
{
    guint8 before[16];
    memcpy(before, octets, sizeof before);
    bool is_special = before[0] == 0 || before[0] >= 0xfc;
    for (gsize i = is_special ? 2 : 0; i < sizeof before && before[0] != 0xff; i += 2) {
        guint group = (guint)(before[i] << 8 | before[i + 1]);
        guint low = group >= 0x1000 ? 0x1000 : group >= 0x100 ? 0x100 : group >= 0x10 ? 0x10 : 1;
        if (group == 0 || before[0] == 0) {
            continue;
        }
        Drawing drawing = begin_drawing(names, byte_span(before, i), 6);
        bool is_global = i == 0 && group >= 0x2000 && group < 0x4000; /* and stays so */
        Permutation order = is_global ? draw_permutation(&drawing, 0x2000, 0x2000)
                                      : draw_permutation(&drawing, low, low * 15);
        guint other = permuted(&order, group);
        octets[i] = (guint8)(other >> 8);
        octets[i + 1] = (guint8)other;
    }
}

void anonymize_address(const AnonymizeNames *names, guint8 *octets, gsize length)
{
    if (length == 4) {
        change_version_4(names, octets);
    } else {
        change_version_6(names, octets);
    }
}

void anonymize_hardware_address(const AnonymizeNames *names, guint8 octets[6])
{
    static const guint8 none[6] = {0};
    guint8 before[6];
    memcpy(before, octets, sizeof before);
    if ((before[0] & 1) != 0 || memcmp(before, none, sizeof none) == 0) {
        return; /* groups, broadcast, nobody */
    }
    Drawing drawing = begin_drawing(names, byte_span(before, sizeof before), 1);
    octets[0] = 0x02; /* administered locally */
    for (gsize i = 1; i < sizeof before; i++) {
        octets[i] = (guint8)draw(&drawing, 256);
    }
}
