#include "protocol/address/punycode.h"

/* RFC 3492 §5 */
enum {
    BASE = 36,
    T_MINIMUM = 1,
    T_MAXIMUM = 26,
    SKEW = 38,
    DAMP = 700,
    INITIAL_BIAS = 72,
    INITIAL_N = 128,
    LAST_POINT = 0x10ffff,
};

/* RFC 3492 §6.1 */
static guint32 adapt(guint32 delta, guint32 n_points, bool is_first)
{
    guint32 k = 0;
    delta = is_first ? delta / DAMP : delta / 2;
    delta += delta / n_points;
    for (; delta > (BASE - T_MINIMUM) * T_MAXIMUM / 2; k += BASE) {
        delta /= BASE - T_MINIMUM;
    }
    return k + (BASE - T_MINIMUM + 1) * delta / (delta + SKEW);
}

static guint32 threshold(guint32 k, guint32 bias)
{
    return k <= bias ? T_MINIMUM : MIN(k - bias, T_MAXIMUM);
}

static int digit_value(guint8 letter)
{
    if (g_ascii_isdigit(letter)) {
        return letter - '0' + 26;
    }
    return g_ascii_isalpha(letter) ? g_ascii_tolower((gchar)letter) - 'a' : -1;
}

static char digit_letter(guint32 value)
{
    return (char)(value < 26 ? 'a' + value : '0' + value - 26);
}

/* A number of variable length; false where the digits end or the number grows too large. */
static bool decode_delta(ByteSpan *digits, guint32 bias, guint32 *out_delta)
{
    guint64 delta = 0;
    guint64 weight = 1;
    for (guint32 k = BASE;; k += BASE) {
        int digit = digits->length == 0 ? -1 : digit_value(digits->data[0]);
        if (digit < 0) {
            return false;
        }
        *digits = byte_span_from(*digits, 1);
        delta += (guint64)digit * weight;
        guint32 t = threshold(k, bias);
        if (delta > G_MAXINT32) {
            return false;
        }
        if ((guint32)digit < t) {
            *out_delta = (guint32)delta;
            return true;
        }
        weight *= BASE - t;
        if (weight > G_MAXINT32) {
            return false;
        }
    }
}

/* The plain letters stand before the last hyphen. */
static gssize copy_plain(ByteSpan *encoded, gunichar *out, gsize capacity)
{
    gsize n_plain = 0;
    for (gsize i = 0; i < encoded->length; i++) {
        n_plain = encoded->data[i] == '-' ? i : n_plain;
    }
    if (n_plain > capacity) {
        return -1;
    }
    for (gsize i = 0; i < n_plain; i++) {
        if (encoded->data[i] > 127) {
            return -1;
        }
        out[i] = encoded->data[i];
    }
    *encoded = byte_span_from(*encoded, n_plain > 0 ? n_plain + 1 : 0);
    return (gssize)n_plain;
}

/* RFC 3492 §6.2 */
gssize punycode_decode(ByteSpan encoded, gunichar *out, gsize capacity)
{
    gssize n_plain = copy_plain(&encoded, out, capacity);
    if (n_plain < 0) {
        return -1;
    }
    gsize n_points = (gsize)n_plain;
    guint64 point = INITIAL_N;
    guint64 i = 0;
    guint32 bias = INITIAL_BIAS;
    while (encoded.length > 0) {
        guint32 delta;
        if (n_points == capacity || !decode_delta(&encoded, bias, &delta)) {
            return -1;
        }
        bias = adapt(delta, (guint32)n_points + 1, n_points == (gsize)n_plain);
        i += delta;
        point += i / (n_points + 1);
        i %= n_points + 1;
        if (point > LAST_POINT || (point >= 0xd800 && point < 0xe000)) {
            return -1;
        }
        gunichar *place = out + i;
        memmove(place + 1, place, (n_points - (gsize)i) * sizeof *out);
        *place = (gunichar)point;
        i++;
        n_points++;
    }
    return (gssize)n_points;
}

typedef struct {
    char *data;
    gsize length;
    gsize capacity;
} Output;

static bool put(Output *output, char letter)
{
    if (output->length == output->capacity) {
        return false;
    }
    output->data[output->length++] = letter;
    return true;
}

static bool encode_delta(Output *output, guint32 delta, guint32 bias)
{
    for (guint32 k = BASE;; k += BASE) {
        guint32 t = threshold(k, bias);
        if (delta < t) {
            return put(output, digit_letter(delta));
        }
        if (!put(output, digit_letter(t + (delta - t) % (BASE - t)))) {
            return false;
        }
        delta = (delta - t) / (BASE - t);
    }
}

static gunichar least_from(const gunichar *points, gsize n_points, gunichar floor)
{
    gunichar least = G_MAXUINT32;
    for (gsize i = 0; i < n_points; i++) {
        if (points[i] >= floor && points[i] < least) {
            least = points[i];
        }
    }
    return least;
}

/* RFC 3492 §6.3. Labels are short, so the number of points bounds every product well below 2^32. */
gssize punycode_encode(const gunichar *points, gsize n_points, char *out, gsize capacity)
{
    Output output = {.data = out, .capacity = capacity};
    gsize n_plain = 0;
    if (n_points > 256) {
        return -1;
    }
    for (gsize i = 0; i < n_points; i++) {
        if (points[i] < INITIAL_N) {
            n_plain++;
            if (!put(&output, (char)points[i])) {
                return -1;
            }
        }
    }
    if (n_plain > 0 && !put(&output, '-')) {
        return -1;
    }
    guint32 n = INITIAL_N;
    guint32 delta = 0;
    guint32 bias = INITIAL_BIAS;
    for (gsize handled = n_plain; handled < n_points; delta++, n++) {
        gunichar least = least_from(points, n_points, n);
        delta += (least - n) * ((guint32)handled + 1);
        n = least;
        for (gsize i = 0; i < n_points; i++) {
            delta += points[i] < n ? 1 : 0;
            if (points[i] == n) {
                if (!encode_delta(&output, delta, bias)) {
                    return -1;
                }
                bias = adapt(delta, (guint32)handled + 1, handled == n_plain);
                delta = 0;
                handled++;
            }
        }
    }
    return (gssize)output.length;
}
