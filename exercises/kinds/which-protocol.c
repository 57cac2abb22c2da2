/* Kind 23: which protocol at which point of the picture. */

#include "exercises/kinds/kinds.h"

#include "exercises/exercise-maker.h"

typedef struct {
    const char *protocol; /* the key */
    const char *others;   /* other right words, with spaces between them */
    const char *ports;    /* "25" or "587 465" */
    const char *sentence;
    RfcReference reference;
} PointRow;

typedef enum {
    POINT_SUBMIT,
    POINT_WEB_SEND,
    POINT_WEB_SUBMIT,
    POINT_RELAY,
    POINT_DNS,
    POINT_POP3,
    POINT_IMAP,
    POINT_WEB_READ,
    N_POINTS,
} PointId;

static const PointRow points[N_POINTS] = {
    [POINT_SUBMIT] =
        {"SMTP",
         "ESMTP submission smtps",
         "587 465 25",
         "A mail program hands a message over by SMTP (submission).",
         {6409, "1"}},
    [POINT_WEB_SEND] =
        {"HTTP",
         "HTTPS web",
         "443 80",
         "A browser speaks HTTP, whatever it is about.",
         {9110, "9.3.3"}},
    [POINT_WEB_SUBMIT] =
        {"SMTP",
         "ESMTP submission smtps",
         "587 465 25",
         "The web server is a mail program for others: it hands over by SMTP.",
         {6409, "1"}},
    [POINT_RELAY] =
        {"SMTP", "ESMTP", "25", "Mail servers hand messages on by SMTP.", {5321, "2.1"}},
    [POINT_DNS] =
        {"DNS",
         "",
         "53",
         "The server asks the DNS for the MX records of the domain.",
         {5321, "5.1"}},
    [POINT_POP3] = {"POP3", "POP POP3S", "110 995", "Download and delete: POP3.", {1939, "1"}},
    [POINT_IMAP] =
        {"IMAP",
         "IMAP4 IMAPS IMAP4rev2 IMAP4rev1",
         "143 993",
         "Mail stays on the server, seen from several devices: IMAP.",
         {9051, "-"}},
    [POINT_WEB_READ] =
        {"HTTP",
         "HTTPS web",
         "443 80",
         "A browser speaks HTTP, whatever it is about.",
         {9110, "9.3.1"}},
};

typedef struct {
    PointId point;
    char *text;
} Leg;

static void free_leg(gpointer data)
{
    g_free(((Leg *)data)->text);
}

static void G_GNUC_PRINTF(3, 4) add(GArray *legs, PointId point, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    Leg leg = {.point = point, .text = g_strdup_vprintf(format, arguments)};
    va_end(arguments);
    g_array_append_val(legs, leg);
}

static void
add_sending(Exercise *exercise, GArray *legs, const ExercisePerson *sender, const char *server)
{
    if (exercise_toss(exercise)) {
        add(legs, POINT_SUBMIT, "%s's mail program  -->  %s", sender->name, server);
    } else {
        add(legs,
            POINT_WEB_SEND,
            "%s's browser  -->  www.%s, the webmail",
            sender->name,
            sender->domain);
        add(legs, POINT_WEB_SUBMIT, "www.%s, the webmail  -->  %s", sender->domain, server);
    }
}

static void
add_reading(Exercise *exercise, GArray *legs, const ExercisePerson *reader, const char *server)
{
    switch (exercise_below(exercise, 3)) {
    case 0:
        add(legs,
            POINT_POP3,
            "%s  <--  %s's only computer, which takes all mail and leaves none there",
            server,
            reader->name);
        break;
    case 1:
        add(legs,
            POINT_IMAP,
            "%s  <--  %s's phone and laptop, which show the same folders",
            server,
            reader->name);
        break;
    default:
        add(legs,
            POINT_WEB_READ,
            "www.%s, the webmail  <--  %s's browser",
            reader->domain,
            reader->name);
        break;
    }
}

static GArray *make_legs(Exercise *exercise)
{
    ExercisePerson people[3];
    exercise_people(exercise, people, 3);
    g_autofree char *first = exercise_host_name(exercise, people[0].domain);
    g_autofree char *second = exercise_host_name(exercise, people[1].domain);
    g_autofree char *relay = exercise_host_name(exercise, people[2].domain);
    GArray *legs = g_array_new(FALSE, TRUE, sizeof(Leg));
    g_array_set_clear_func(legs, free_leg);
    add_sending(exercise, legs, &people[0], first);
    if (exercise->level >= 2) {
        add(legs, POINT_DNS, "%s  -->  name server: who takes mail for %s?", first, people[1].domain
        );
    }
    if (exercise->level >= 2 && exercise_toss(exercise)) {
        add(legs, POINT_RELAY, "%s  -->  %s, which filters spam", first, relay);
        add(legs, POINT_RELAY, "%s  -->  %s", relay, second);
    } else {
        add(legs, POINT_RELAY, "%s  -->  %s", first, second);
    }
    add_reading(exercise, legs, &people[1], second);
    exercise_people_clear(people, 3);
    return legs;
}

static void accept_words(ExercisePart *part, const char *words)
{
    g_auto(GStrv) all = g_strsplit(words, " ", -1);
    for (gsize i = 0; all[i] != NULL; i++) {
        if (all[i][0] != '\0') {
            exercise_part_accept(part, "%s", all[i]);
        }
    }
}

static void ask_protocol(Exercise *exercise, const Leg *leg)
{
    const PointRow *row = &points[leg->point];
    ExercisePart *part = exercise_ask(exercise, ANSWER_WORD, row->protocol, "%s", leg->text);
    accept_words(part, row->others);
    bool is_reading = leg->point >= POINT_POP3;
    exercise_part_whole(
        part, is_reading ? "fetching mail" : "sending mail", row->reference, "%s", row->sentence
    );
    if (leg->point == POINT_POP3 || leg->point == POINT_IMAP) {
        exercise_part_mistake(
            part,
            "SMTP for fetching",
            "SMTP",
            "SMTP pushes; whoever wants mail from a mailbox pulls.",
            "POP3 or IMAP?"
        );
        exercise_part_mistake(
            part,
            "the other access protocol",
            leg->point == POINT_POP3 ? "IMAP" : "POP3",
            "Both fetch mail; look at what happens to it on the server.",
            "POP3 downloads and deletes, IMAP keeps mail and folders on the server."
        );
    }
    if (leg->point == POINT_WEB_SEND || leg->point == POINT_WEB_READ) {
        exercise_part_mistake(
            part,
            "a mail protocol for a browser",
            "SMTP",
            "A browser speaks no mail protocol.",
            NULL
        );
        exercise_part_mistake(
            part,
            "a mail protocol for a browser",
            "IMAP",
            "A browser speaks no mail protocol.",
            NULL
        );
        exercise_part_mistake(
            part,
            "a mail protocol for a browser",
            "POP3",
            "A browser speaks no mail protocol.",
            NULL
        );
    }
}

static void ask_port(Exercise *exercise, const Leg *leg, char label)
{
    const PointRow *row = &points[leg->point];
    g_auto(GStrv) ports = g_strsplit(row->ports, " ", -1);
    ExercisePart *part = exercise_ask(
        exercise, ANSWER_NUMBER, ports[0], "On which port does the server of (%c) listen?", label
    );
    for (gsize i = 1; ports[i] != NULL; i++) {
        exercise_part_accept(part, "%s", ports[i]);
    }
    g_autofree char *all = g_strjoinv(" or ", ports);
    exercise_part_whole(part, "port numbers", row->reference, "%s: port %s.", row->protocol, all);
}

void exercise_make_which_protocol(Exercise *exercise)
{
    g_autoptr(GArray) legs = make_legs(exercise);
    GString *picture = g_string_new(NULL);
    for (guint i = 0; i < legs->len; i++) {
        g_string_append_printf(
            picture, "(%c)  %s\n", (char)('a' + i), g_array_index(legs, Leg, i).text
        );
    }
    exercise_say(
        exercise,
        "A message goes this way; the arrow goes from who opens the connection. Which protocol is "
        "spoken at each point?"
    );
    exercise_show(exercise, picture->str);
    g_string_free(picture, TRUE);
    guint n_legs = legs->len;
    for (guint i = 0; i < n_legs; i++) {
        ask_protocol(exercise, &g_array_index(legs, Leg, i));
    }
    if (exercise->level >= 3) {
        guint first = exercise_below(exercise, n_legs - 1);
        ask_port(exercise, &g_array_index(legs, Leg, first), (char)('a' + first));
        ask_port(exercise, &g_array_index(legs, Leg, n_legs - 1), (char)('a' + n_legs - 1));
    }
    exercise_set_hint(
        exercise,
        "SMTP pushes, from program to server and from server to server. POP3 and IMAP pull. A "
        "browser speaks HTTP."
    );
    exercise_set_try(exercise, "mailwalk run alice-to-bob --level=story");
}
