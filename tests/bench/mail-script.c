#include "tests/bench/mail-script.h"

#include <stdarg.h>
#include <string.h>

#define LINE_OCTETS 78 /* with its end */

static const char *const domains[] = {"crepes.fr", "hamburger.edu", "gelato.it", "pierogi.pl"};
static const char *const users[] = {"alice", "bob", "carol", "dave"};
static const char *const words[] = {
    "mail",
    "server",
    "queue",
    "letter",
    "lecture",
    "answer",
    "student",
    "exercise",
    "relay",
    "the",
};

void mail_script_init(MailScript *script)
{
    *script = (MailScript){
        .octets = g_byte_array_new(),
        .turns = g_array_new(FALSE, FALSE, sizeof(MailTurn)),
    };
}

void mail_script_clear(MailScript *script)
{
    g_byte_array_unref(script->octets);
    g_array_unref(script->turns);
}

/* Octets of the side that spoke last join its turn. */
static void say_octets(MailScript *script, int side, const void *octets, gsize length)
{
    GArray *turns = script->turns;
    MailTurn *last = turns->len > 0 ? &g_array_index(turns, MailTurn, turns->len - 1) : NULL;
    if (last != NULL && last->side == side) {
        last->length += length;
    } else {
        MailTurn turn = {.side = side, .from = script->octets->len, .length = length};
        g_array_append_val(turns, turn);
    }
    g_byte_array_append(script->octets, octets, (guint)length);
}

G_GNUC_PRINTF(3, 4)

static void say(MailScript *script, int side, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    say_octets(script, side, text, strlen(text));
    say_octets(script, side, "\r\n", 2);
}

static const char *pick(const char *const *list, gsize length, GRand *random)
{
    return list[g_rand_int_range(random, 0, (gint32)length)];
}

static void say_text_line(MailScript *script, int side, GRand *random)
{
    char line[LINE_OCTETS];
    gsize used = 0;
    while (used < LINE_OCTETS - 14) {
        const char *word = pick(words, G_N_ELEMENTS(words), random);
        gsize length = strlen(word);
        memcpy(line + used, word, length);
        used += length;
        line[used++] = ' ';
    }
    memcpy(line + used - 1, "\r\n", 2);
    say_octets(script, side, line, used + 1);
}

static void say_attachment_line(MailScript *script, int side, GRand *random)
{
    static const char letters[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char line[LINE_OCTETS];
    for (gsize i = 0; i < LINE_OCTETS - 2; i += 4) {
        guint32 bits = g_rand_int(random);
        for (gsize j = 0; j < 4; j++, bits >>= 6) {
            line[i + j] = letters[bits & 63];
        }
    }
    memcpy(line + LINE_OCTETS - 2, "\r\n", 2);
    say_octets(script, side, line, LINE_OCTETS);
}

/* One message, dot-stuffed where a line begins with a dot. */
static void say_message(MailScript *script, int side, guint attachment_lines, GRand *random)
{
    const char *from = pick(users, G_N_ELEMENTS(users), random);
    const char *domain = pick(domains, G_N_ELEMENTS(domains), random);
    script->messages++;
    say(script, side, "From: %s@%s", from, domain);
    say(script, side, "To: bob@hamburger.edu");
    say(script, side, "Date: Tue, 14 Nov 2023 22:13:20 +0000");
    say(script, side, "Message-ID: <%08x%08x@%s>", g_rand_int(random), g_rand_int(random), domain);
    say(script, side, "Subject: %s", pick(words, G_N_ELEMENTS(words), random));
    say(script, side, "MIME-Version: 1.0");
    say(script, side, "Content-Type: text/plain; charset=us-ascii");
    say(script, side, "%s", "");
    gint32 lines = g_rand_int_range(random, 3, 40);
    for (gint32 i = 0; i < lines; i++) {
        say_text_line(script, side, random);
    }
    for (guint i = 0; i < attachment_lines; i++) {
        say_attachment_line(script, side, random);
    }
    say(script, side, "..");
}

static void make_smtp(MailScript *script, guint attachment_lines, GRand *random)
{
    const char *domain = pick(domains, G_N_ELEMENTS(domains), random);
    script->port = 25;
    say(script, 1, "220 mail.hamburger.edu ESMTP");
    say(script, 0, "EHLO mail.%s", domain);
    say(script, 1, "250-mail.hamburger.edu greets mail.%s", domain);
    say(script, 1, "250-PIPELINING");
    say(script, 1, "250-SIZE 52428800");
    say(script, 1, "250 8BITMIME");
    say(script, 0, "MAIL FROM:<%s@%s>", pick(users, G_N_ELEMENTS(users), random), domain);
    say(script, 0, "RCPT TO:<bob@hamburger.edu>");
    say(script, 0, "DATA");
    say(script, 1, "250 2.1.0 Sender ok");
    say(script, 1, "250 2.1.5 Recipient ok");
    say(script, 1, "354 Go ahead");
    say_message(script, 0, attachment_lines, random);
    say(script, 0, ".");
    say(script, 1, "250 2.0.0 Queued as %08X", g_rand_int(random));
    say(script, 0, "QUIT");
    say(script, 1, "221 2.0.0 Bye");
}

static void make_pop3(MailScript *script, GRand *random)
{
    script->port = 110;
    say(script, 1, "+OK POP3 ready");
    say(script, 0, "USER bob");
    say(script, 1, "+OK");
    say(script, 0, "PASS hungry");
    say(script, 1, "+OK logged in");
    say(script, 0, "LIST");
    gint32 messages = g_rand_int_range(random, 1, 4);
    say(script, 1, "+OK %d messages", messages);
    for (gint32 i = 1; i <= messages; i++) {
        say(script, 1, "%d 1000", i);
    }
    say(script, 1, ".");
    for (gint32 i = 1; i <= messages; i++) {
        say(script, 0, "RETR %d", i);
        say(script, 1, "+OK");
        say_message(script, 1, 0, random);
        say(script, 1, ".");
        say(script, 0, "DELE %d", i);
        say(script, 1, "+OK");
    }
    say(script, 0, "QUIT");
    say(script, 1, "+OK bye");
}

static void make_imap(MailScript *script, GRand *random)
{
    script->port = 143;
    say(script, 1, "* OK IMAP4rev1 ready");
    say(script, 0, "a1 LOGIN bob hungry");
    say(script, 1, "a1 OK logged in");
    say(script, 0, "a2 SELECT INBOX");
    say(script, 1, "* 3 EXISTS");
    say(script, 1, "* FLAGS (\\Seen \\Deleted)");
    say(script, 1, "a2 OK [READ-WRITE] done");
    gint32 messages = g_rand_int_range(random, 1, 4);
    for (gint32 i = 1; i <= messages; i++) {
        MailScript inner;
        mail_script_init(&inner);
        say_message(&inner, 1, 0, random);
        say(script, 0, "b%d FETCH %d BODY[]", i, i);
        say(script, 1, "* %d FETCH (BODY[] {%u}", i, inner.octets->len);
        say_octets(script, 1, inner.octets->data, inner.octets->len);
        say(script, 1, ")");
        say(script, 1, "b%d OK done", i);
        script->messages++;
        mail_script_clear(&inner);
    }
    say(script, 0, "z LOGOUT");
    say(script, 1, "* BYE");
    say(script, 1, "z OK bye");
}

void mail_script_make(MailScript *script, MailKind kind, GRand *random)
{
    g_byte_array_set_size(script->octets, 0);
    g_array_set_size(script->turns, 0);
    script->messages = 0;
    switch (kind) {
    case MAIL_SMTP_SHORT:
        make_smtp(script, 0, random);
        break;
    case MAIL_SMTP_LARGE:
        make_smtp(script, (guint)g_rand_int_range(random, 1000, 8000), random);
        break;
    case MAIL_POP3:
        make_pop3(script, random);
        break;
    case MAIL_IMAP:
        make_imap(script, random);
        break;
    case MAIL_KINDS:
        g_assert_not_reached();
    }
}
