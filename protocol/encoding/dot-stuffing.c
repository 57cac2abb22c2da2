#include "protocol/encoding/dot-stuffing.h"

#include "protocol/text/wide-vectors.h"

/* What the octets before the present one were. A dot in a name stood at the start of a line, or of
 * what another receiver may take for one. */
typedef enum {
    STATE_LINE_START, /* CRLF, or nothing yet */
    STATE_TEXT,
    STATE_CR,
    STATE_LF, /* without CR */
    STATE_CRLF_DOT,
    STATE_CRLF_DOT_CR,
    STATE_LF_DOT,
    STATE_LF_DOT_CR,
    STATE_CR_DOT,
} State;

/* What happens to the present octet. */
typedef enum {
    FATE_GIVE,    /* message text */
    FATE_DROP,    /* the dot that stuffing put there */
    FATE_HOLD,    /* a CR that may be the one of the closing line */
    FATE_END,     /* the LF of the closing line */
    FATE_RELEASE, /* the CR held back is text after all; this octet is looked at again */
} Fate;

void dot_unstuffer_init(DotUnstuffer *unstuffer)
{
    *unstuffer = (DotUnstuffer){.state = STATE_LINE_START};
}

void dot_unstuffer_init_lenient(DotUnstuffer *unstuffer)
{
    *unstuffer = (DotUnstuffer){.state = STATE_LINE_START, .is_lenient = true};
}

void dot_unstuffer_skip_gap(DotUnstuffer *unstuffer)
{
    unstuffer->state = STATE_TEXT;
}

static Fate move_to(DotUnstuffer *unstuffer, State state, guint32 defects, Fate fate)
{
    unstuffer->state = (guint8)state;
    unstuffer->defects |= defects;
    return fate;
}

static Fate after_text(DotUnstuffer *unstuffer, guint8 octet)
{
    if (octet == '\n') {
        return move_to(unstuffer, STATE_LF, DOT_DEFECT_BARE_LF, FATE_GIVE);
    }
    return move_to(unstuffer, octet == '\r' ? STATE_CR : STATE_TEXT, 0, FATE_GIVE);
}

static Fate after_cr(DotUnstuffer *unstuffer, guint8 octet)
{
    if (octet == '\n') {
        return move_to(unstuffer, STATE_LINE_START, 0, FATE_GIVE);
    }
    unstuffer->defects |= DOT_DEFECT_BARE_CR;
    return octet == '.' ? move_to(unstuffer, STATE_CR_DOT, 0, FATE_GIVE)
                        : after_text(unstuffer, octet);
}

static Fate after_bare_lf(DotUnstuffer *unstuffer, guint8 octet)
{
    return octet == '.'
               ? move_to(unstuffer, STATE_LF_DOT, 0, unstuffer->is_lenient ? FATE_DROP : FATE_GIVE)
               : after_text(unstuffer, octet);
}

/* RFC 5321 §4.5.2: the dot is gone; alone on its line it ends the message. */
static Fate after_crlf_dot(DotUnstuffer *unstuffer, guint8 octet)
{
    if (octet == '\r') {
        return move_to(unstuffer, STATE_CRLF_DOT_CR, 0, FATE_HOLD);
    }
    if (octet == '\n') {
        guint32 defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_CRLF_DOT_LF;
        return move_to(unstuffer, STATE_LF, defects, unstuffer->is_lenient ? FATE_END : FATE_GIVE);
    }
    return move_to(unstuffer, STATE_TEXT, octet == '.' ? 0 : DOT_DEFECT_NOT_STUFFED, FATE_GIVE);
}

static Fate after_crlf_dot_cr(DotUnstuffer *unstuffer, guint8 octet)
{
    return octet == '\n' ? move_to(unstuffer, STATE_LINE_START, 0, FATE_END)
                         : move_to(unstuffer, STATE_CR, DOT_DEFECT_CRLF_DOT_CR, FATE_RELEASE);
}

static Fate after_lf_dot(DotUnstuffer *unstuffer, guint8 octet)
{
    if (octet == '\r') {
        return move_to(
            unstuffer, STATE_LF_DOT_CR, 0, unstuffer->is_lenient ? FATE_HOLD : FATE_GIVE
        );
    }
    if (octet == '\n') {
        guint32 defects = DOT_DEFECT_BARE_LF | DOT_DEFECT_LF_DOT_LF;
        return move_to(unstuffer, STATE_LF, defects, unstuffer->is_lenient ? FATE_END : FATE_GIVE);
    }
    return move_to(unstuffer, STATE_TEXT, 0, FATE_GIVE);
}

static Fate after_lf_dot_cr(DotUnstuffer *unstuffer, guint8 octet)
{
    if (octet == '\n') {
        return move_to(
            unstuffer,
            STATE_LINE_START,
            DOT_DEFECT_LF_DOT_CRLF,
            unstuffer->is_lenient ? FATE_END : FATE_GIVE
        );
    }
    unstuffer->defects |= DOT_DEFECT_LF_DOT_CR;
    return unstuffer->is_lenient ? move_to(unstuffer, STATE_CR, 0, FATE_RELEASE)
                                 : after_cr(unstuffer, octet);
}

static Fate after_cr_dot(DotUnstuffer *unstuffer, guint8 octet)
{
    unstuffer->defects |= octet == '\r'   ? DOT_DEFECT_CR_DOT_CR
                          : octet == '\n' ? DOT_DEFECT_CR_DOT_LF
                                          : 0;
    return after_text(unstuffer, octet);
}

static Fate take_octet(DotUnstuffer *unstuffer, guint8 octet)
{
    unstuffer->defects |= octet == 0 ? DOT_DEFECT_NUL : octet > 127 ? DOT_DEFECT_EIGHT_BIT : 0;
    switch ((State)unstuffer->state) {
    case STATE_LINE_START:
        return octet == '.' ? move_to(unstuffer, STATE_CRLF_DOT, 0, FATE_DROP)
                            : after_text(unstuffer, octet);
    case STATE_TEXT:
        return after_text(unstuffer, octet);
    case STATE_CR:
        return after_cr(unstuffer, octet);
    case STATE_LF:
        return after_bare_lf(unstuffer, octet);
    case STATE_CRLF_DOT:
        return after_crlf_dot(unstuffer, octet);
    case STATE_CRLF_DOT_CR:
        return after_crlf_dot_cr(unstuffer, octet);
    case STATE_LF_DOT:
        return after_lf_dot(unstuffer, octet);
    case STATE_LF_DOT_CR:
        return after_lf_dot_cr(unstuffer, octet);
    case STATE_CR_DOT:
        return after_cr_dot(unstuffer, octet);
    }
    g_assert_not_reached();
}

#define LANES 32
#define BLOCK (8 * LANES)

/* Octets worked on side by side; gcc and clang make vector instructions of it on any machine. */
typedef guint8 Lanes __attribute__((vector_size(LANES)));

static bool has_any(const Lanes *lanes)
{
    guint64 parts[4];
    memcpy(parts, lanes, sizeof parts);
    return (parts[0] | parts[1] | parts[2] | parts[3]) != 0;
}

/* True for a block of whole lanes whose line ends are all CRLF and none of whose lines starts with
 * a dot. There is no branch in the loop: gigabytes pass through here. The octet before the block is
 * read too. */
WIDE_VECTORS
static bool is_plain(const guint8 *block, gsize length, guint32 *defects)
{
    Lanes odd = {0};
    Lanes high = {0};
    Lanes zero = {0};
    for (gsize i = 0; i < length; i += LANES) {
        Lanes before;
        Lanes here;
        memcpy(&before, block + i - 1, sizeof before);
        memcpy(&here, block + i, sizeof here);
        odd |= (Lanes)(before == '\r') ^ (Lanes)(here == '\n');
        odd |= (Lanes)(before == '\n') & (Lanes)(here == '.');
        zero |= (Lanes)(here == 0);
        high |= here;
    }
    high &= 0x80;
    if (has_any(&odd)) {
        return false;
    }
    *defects |= has_any(&high) ? DOT_DEFECT_EIGHT_BIT : 0u;
    *defects |= has_any(&zero) ? DOT_DEFECT_NUL : 0u;
    return true;
}

/* How far the input is plain from 'at' on, in whole lanes. The octet before must be in the input:
 * together with the state it tells all that matters of what went before. */
static gsize skip_plain(DotUnstuffer *unstuffer, ByteSpan input, gsize at)
{
    if (at == 0 || unstuffer->state > STATE_LF) {
        return at;
    }
    gsize start = at;
    guint32 *defects = &unstuffer->defects;
    while (input.length - at >= BLOCK && is_plain(input.data + at, BLOCK, defects)) {
        at += BLOCK;
    }
    while (input.length - at >= LANES && is_plain(input.data + at, LANES, defects)) {
        at += LANES;
    }
    /* What is left is shorter than the lanes: they may lie over what has been looked at. */
    if (at < input.length && input.length - at < LANES && input.length > LANES &&
        is_plain(input.data + input.length - LANES, LANES, defects)) {
        at = input.length;
    }
    if (at > start) {
        guint8 last = input.data[at - 1];
        unstuffer->state = last == '\n' ? STATE_LINE_START : last == '\r' ? STATE_CR : STATE_TEXT;
    }
    return at;
}

static DotStep give(DotUnstuffer *unstuffer, ByteSpan octets, ByteSpan *out_octets)
{
    unstuffer->octets += octets.length;
    *out_octets = octets;
    return DOT_DATA;
}

DotStep dot_unstuffer_next(DotUnstuffer *unstuffer, ByteSpan *input, ByteSpan *out_octets)
{
    ByteSpan whole = *input;
    gsize start = 0; /* of the run */
    gsize at = 0;
    gsize next_try = 0; /* octets before it are known not to be plain */
    while (at < whole.length) {
        if (at >= next_try) {
            at = skip_plain(unstuffer, whole, at);
            next_try = at == 0 ? 1 : at + LANES;
            if (at == whole.length) {
                break;
            }
        }
        DotUnstuffer before = *unstuffer;
        Fate fate = take_octet(unstuffer, whole.data[at]);
        if (fate != FATE_GIVE && fate != FATE_RELEASE && start < at) {
            *unstuffer = before; /* first what stands before the dot */
            break;
        }
        if (fate == FATE_RELEASE && at == 0) {
            return give(unstuffer, BYTE_SPAN_LITERAL("\r"), out_octets);
        }
        if (fate == FATE_RELEASE) {
            start = at - 1;
            continue;
        }
        at++;
        if (fate == FATE_END) {
            *input = byte_span_from(whole, at);
            return DOT_END;
        }
        start = fate == FATE_GIVE ? start : at;
    }
    *input = byte_span_from(whole, at);
    return start < at ? give(unstuffer, byte_span_slice(whole, start, at - start), out_octets)
                      : DOT_NEED_MORE;
}

void dot_stuffer_init(DotStuffer *stuffer)
{
    stuffer->state = STATE_LINE_START;
}

/* The first dot at the start of a line, or the end. */
static gsize find_dot(DotStuffer *stuffer, ByteSpan input)
{
    gsize at = 0;
    if (stuffer->state == STATE_LINE_START && input.data[0] == '.') {
        return 0;
    }
    if (stuffer->state == STATE_CR && input.data[0] == '\n') {
        at = 1;
        if (input.length > 1 && input.data[1] == '.') {
            return 1;
        }
    }
    for (gssize found; (found = byte_span_find(input, '\n', at)) >= 0;) {
        at = (gsize)found + 1;
        if (found > 0 && input.data[found - 1] == '\r' && at < input.length &&
            input.data[at] == '.') {
            return at;
        }
    }
    return input.length;
}

static State state_after(State state, ByteSpan octets)
{
    guint8 last = octets.data[octets.length - 1];
    guint8 before_last = octets.length > 1   ? octets.data[octets.length - 2]
                         : state == STATE_CR ? '\r'
                                             : '\0';
    if (last == '\n' && before_last == '\r') {
        return STATE_LINE_START;
    }
    return last == '\r' ? STATE_CR : STATE_TEXT;
}

bool dot_stuffer_next(DotStuffer *stuffer, ByteSpan *input, ByteSpan *out_octets)
{
    if (input->length == 0) {
        return false;
    }
    gsize length = find_dot(stuffer, *input);
    if (length == 0) {
        *out_octets = BYTE_SPAN_LITERAL(".");
        stuffer->state = STATE_TEXT; /* the message's own dot comes next */
        return true;
    }
    *out_octets = byte_span_slice(*input, 0, length);
    stuffer->state = (guint8)state_after((State)stuffer->state, *out_octets);
    *input = byte_span_from(*input, length);
    return true;
}

ByteSpan dot_stuffer_end(const DotStuffer *stuffer)
{
    return stuffer->state == STATE_LINE_START ? BYTE_SPAN_LITERAL(".\r\n")
                                              : BYTE_SPAN_LITERAL("\r\n.\r\n");
}

bool dot_stuff(ByteSpan message, ByteBuffer *out)
{
    gsize length_before = byte_buffer_length(out);
    DotStuffer stuffer;
    ByteSpan octets;
    dot_stuffer_init(&stuffer);
    bool fits = true;
    while (fits && dot_stuffer_next(&stuffer, &message, &octets)) {
        fits = byte_buffer_append(out, octets);
    }
    fits = fits && byte_buffer_append(out, dot_stuffer_end(&stuffer));
    if (!fits) {
        byte_buffer_truncate(out, length_before);
    }
    return fits;
}
