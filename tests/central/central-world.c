#include "tests/central/central-world.h"

#include "sim/network/random.h"

typedef struct {
    SimRandom random;
    GString *text;
} Maker;

static guint below(Maker *maker, guint count)
{
    return (guint)sim_random_below(&maker->random, count);
}

static void put_link(Maker *maker, const char *word)
{
    static const guint mtus[] = {1500, 1500, 1400, 1281, 1280, 9000};
    g_string_append_printf(
        maker->text,
        "%s delay %u ms, jitter %u ms, loss %u percent, reordering %u percent, duplication %u "
        "percent, "
        "corruption %u percent, mtu %u\n",
        word,
        1 + below(maker, 60),
        below(maker, 12),
        below(maker, 8),
        below(maker, 6),
        below(maker, 4),
        below(maker, 3),
        mtus[below(maker, G_N_ELEMENTS(mtus))]
    );
}

static void put_server(Maker *maker)
{
    static const char *const settings[] = {
        "without pipelining",
        "without chunking",
        "syntax lenient",
        "offers PLAIN, LOGIN, CRAM-MD5",
        "without 8bitmime",
        "says \"ESMTP ready for ketchup\"",
    };
    if (below(maker, 2) == 0) {
        g_string_append_printf(
            maker->text, "  %s\n", settings[below(maker, G_N_ELEMENTS(settings))]
        );
    }
}

static void put_places(Maker *maker)
{
    g_string_append(maker->text, "title \"A world made at random\"\nabout \"Nobody wrote it.\"\n");
    put_link(maker, "backbone");
    g_string_append(maker->text, "organisation crepes.fr\n");
    if (below(maker, 2) == 0) {
        put_link(maker, "  link");
    }
    put_server(maker);
    g_string_append(
        maker->text,
        "  person alice \"Alice\" password yummy machine alice-laptop\n"
        "  person carol \"Carol\" password thirsty machine carol-pc\n"
        "organisation hamburger.edu\n"
    );
    if (below(maker, 2) == 0) {
        put_link(maker, "  link");
    }
    put_server(maker);
    g_string_append(
        maker->text, "  person bob \"Bob\" password hungry machine bob-pc, machine bob-phone\n"
    );
}

static void put_message(Maker *maker, const char *who, const char *whom)
{
    static const char *const lines[] = {
        "Do you like ketchup?",
        "How about pickles?",
        ".",
        "..",
        "From here on",
        "",
        "= ? =",
        "A line of words that goes on for a while, so that segments have something to carry.",
    };
    g_string_append_printf(
        maker->text, "  %s writes to %s, subject \"Number %u\"", who, whom, below(maker, 1000)
    );
    if (below(maker, 3) == 0) {
        g_string_append_printf(
            maker->text, ", attach crepe.jpg of %u octets", 1 + below(maker, 30000)
        );
    }
    g_string_append_c(maker->text, '\n');
    guint count = 1 + below(maker, 40);
    for (guint i = 0; i < count; i++) {
        g_string_append_printf(maker->text, "    | %s\n", lines[below(maker, G_N_ELEMENTS(lines))]);
    }
}

static void put_sending(Maker *maker, const char *who)
{
    static const char *const ways[] = {
        "",
        "",
        "pipelined",
        "chunked",
        "with helo",
        "separately",
        "by submission with auth LOGIN",
        "by submission with auth PLAIN",
        "by submission with auth CRAM-MD5",
        "by webmail",
    };
    g_string_append_printf(
        maker->text, "  %s sends %s\n", who, ways[below(maker, G_N_ELEMENTS(ways))]
    );
}

static void put_fetching(Maker *maker)
{
    static const char *const ways[] = {
        "pop3 and deletes",
        "pop3 and keeps",
        "pop3 and keeps with apop",
        "imap",
        "imap headers only",
        "imap without attachments",
        "webmail",
        "pop3 and deletes with capabilities",
    };
    g_string_append_printf(
        maker->text, "  bob fetches by %s\n", ways[below(maker, G_N_ELEMENTS(ways))]
    );
}

static void put_story(Maker *maker)
{
    guint chapters = 1 + below(maker, 3);
    for (guint i = 0; i < chapters; i++) {
        g_string_append_printf(maker->text, "chapter \"Part %u\"\n", i + 1);
        const char *who = below(maker, 2) == 0 ? "alice" : "carol";
        guint messages = 1 + below(maker, 3);
        for (guint j = 0; j < messages; j++) {
            put_message(
                maker,
                who,
                below(maker, 4) == 0 ? "bob@hamburger.edu, carol@crepes.fr" : "bob@hamburger.edu"
            );
        }
        put_sending(maker, who);
        g_string_append_printf(maker->text, "  wait %u minutes\n", 1 + below(maker, 40));
        put_fetching(maker);
        g_string_append_printf(maker->text, "  wait %u minutes\n", 1 + below(maker, 5));
    }
}

char *central_world_text(guint64 seed)
{
    Maker maker = {.text = g_string_new(NULL)};
    sim_random_derive(&maker.random, seed, "central");
    put_places(&maker);
    put_story(&maker);
    return g_string_free(maker.text, FALSE);
}
