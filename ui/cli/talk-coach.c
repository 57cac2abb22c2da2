#include "ui/cli/talk-coach.h"

#include "protocol/imap/imap-dialogue.h"
#include "protocol/pop3/pop3-dialogue.h"
#include "protocol/rfc/rfc-index.h"
#include "protocol/smtp/smtp-dialogue.h"
#include "sim/loopback/loopback-frames.h"
#include "ui/cli/command.h"
#include "ui/cli/talk-turn.h"
#include "ui/report/step-text.h"
#include "ui/timeline/step-builder.h"

#define LINK_ETHERNET 1
#define INDENT 19 /* where the meaning of a step begins */
#define LABEL_WIDTH 7

/* What differs from protocol to protocol. */
typedef struct {
    MailProtocol protocol;
    const DialogueClass *class;
    const VocabularyTable *(*vocabulary)(gsize *out_count);
    guint32 message; /* the state in which a message is typed */
    guint32 secret;  /* in which the next line is a proof */
    guint32 waiting; /* in which the next line ends what the client asked for */
    guint32 over;    /* in which nothing may be said any more */
} CoachRow;

static const CoachRow coach_rows[] = {
    {
        .protocol = MAIL_PROTOCOL_SMTP,
        .class = &smtp_dialogue_class,
        .vocabulary = smtp_vocabulary,
        .message = SMTP_STATE_DATA,
        .secret = SMTP_STATE_AUTH,
        .over = SMTP_STATE_CLOSED | SMTP_STATE_OPAQUE,
    },
    {
        .protocol = MAIL_PROTOCOL_POP3,
        .class = &pop3_dialogue_class,
        .vocabulary = pop3_vocabulary,
        .secret = POP3_STATE_SASL,
        .over = POP3_STATE_CLOSED | POP3_STATE_OPAQUE,
    },
    {
        .protocol = MAIL_PROTOCOL_IMAP,
        .class = &imap_dialogue_class,
        .vocabulary = imap_vocabulary,
        .secret = IMAP_STATE_SASL,
        .waiting = IMAP_STATE_IDLE,
        .over = IMAP_STATE_LOGOUT | IMAP_STATE_OPAQUE,
    },
};

struct TalkCoach {
    const CoachRow *row;
    void *dialogue;
    guint32 state;
    guint64 asked;    /* the last command that was typed */
    guint64 answered; /* and the last that was answered */
    bool goes_on;     /* the answer asked for more of the command */
    TalkTurn turn;
    LoopbackFrames *frames;
    LoopbackFlow *flow;
    LoopbackPlace client;
    LoopbackPlace server;
    Dissector *dissector;
    StepBuilder *builder;
    TextLayout layout;
    gint64 begin_ns;
    guint64 frame_count;
    bool has_news; /* an answer has come whole since the state was last told */
    bool has_told_how;
    guint64 chunk_left;     /* octets that BDAT still waits for */
    bool has_message_ended; /* and its answer is still to come */
};

static void on_step(gpointer owner, Step *step)
{
    TalkCoach *coach = owner;
    bool is_said = step->kind == STEP_COMMAND || step->kind == STEP_REPLY ||
                   step->kind == STEP_CONTINUATION || step->kind == STEP_MESSAGE ||
                   step->kind == STEP_CREDENTIAL;
    if (is_said) {
        step_text_row(&coach->layout, step, coach->begin_ns);
    }
    step_free(step);
}

static void on_event(gpointer owner, const DissectEvent *event)
{
    step_builder_event(((TalkCoach *)owner)->builder, event);
}

static void on_frame(SimTime time, ByteSpan octets, gpointer data)
{
    TalkCoach *coach = data;
    CaptureFrame frame = {
        .number = ++coach->frame_count,
        .time_ns = time,
        .link_type = LINK_ETHERNET,
        .captured_length = (guint32)octets.length,
        .original_length = (guint32)octets.length,
        .data = octets.data,
    };
    dissector_frame(coach->dissector, &frame);
}

TalkCoach *
talk_coach_new(MailProtocol protocol, guint16 port, bool is_own_server, bool show_secrets)
{
    TalkCoach *coach = g_new0(TalkCoach, 1);
    DissectOptions how = dissect_default_options();
    DissectSink sink = {.event = on_event};
    StepBuilderOptions steps = {.show_secrets = show_secrets, .step = on_step, .owner = coach};
    for (gsize i = 0; i < G_N_ELEMENTS(coach_rows); i++) {
        if (coach_rows[i].protocol == protocol) {
            coach->row = &coach_rows[i];
        }
    }
    g_assert(coach->row != NULL);
    coach->dialogue = g_malloc0(coach->row->class->size);
    coach->row->class->init(coach->dialogue);
    talk_turn_init(&coach->turn, protocol);
    how.port_rules[0] = (DissectPortRule){.port = port, .protocol = protocol};
    how.port_rule_count = 1;
    how.trusts_replies = show_secrets || is_own_server;
    coach->builder = step_builder_new(&steps);
    coach->dissector = dissector_new(&how, &sink, coach);
    coach->frames = loopback_frames_new(on_frame, coach);
    coach->client = (LoopbackPlace){.address = sim_address_ipv4(127, 0, 0, 1), .port = 49152};
    coach->server = (LoopbackPlace){.address = sim_address_ipv4(127, 0, 0, 1), .port = port};
    text_layout_init(&coach->layout, stdout);
    return coach;
}

void talk_coach_free(TalkCoach *coach)
{
    if (coach != NULL) {
        coach->row->class->clear(coach->dialogue);
        g_free(coach->dialogue);
        talk_turn_clear(&coach->turn);
        loopback_flow_free(coach->flow);
        loopback_frames_free(coach->frames);
        dissector_free(coach->dissector);
        step_builder_free(coach->builder);
        text_layout_clear(&coach->layout);
        g_free(coach);
    }
}

static void
say(TalkCoach *coach, const char *label, TextStyle style, const char *text, const char *note)
{
    TextRow row = {
        .indent = INDENT,
        .label = label,
        .label_style = style,
        .label_width = LABEL_WIDTH,
        .text = text,
        .note = note,
    };
    text_layout_row(&coach->layout, &row);
}

void talk_coach_tell(TalkCoach *coach, const char *text)
{
    say(coach, "▸", TEXT_GOOD, text, NULL);
}

/* --- the vocabulary --- */

typedef bool (*ItemVisit)(TalkCoach *coach, const VocabularyItem *item, gpointer data);

/* Until a visit gives true. */
static void visit_items(TalkCoach *coach, ItemVisit visit, gpointer data)
{
    gsize n_tables = 0;
    const VocabularyTable *tables = coach->row->vocabulary(&n_tables);
    for (gsize i = 0; i < n_tables; i++) {
        for (gsize j = 0; j < tables[i].count; j++) {
            if (visit(coach, vocabulary_table_item(&tables[i], j), data)) {
                return;
            }
        }
    }
}

static gboolean is_same_word(gconstpointer item, gconstpointer other)
{
    return g_str_equal(
        ((const VocabularyItem *)item)->token, ((const VocabularyItem *)other)->token
    );
}

/* Two RFCs may define the same word; "X<atom>" stands for words of anybody's own. */
static bool gather_allowed(TalkCoach *coach, const VocabularyItem *item, gpointer data)
{
    if (talk_turn_allows(&coach->turn, coach->state, item) &&
        !g_ptr_array_find_with_equal_func(data, item, is_same_word, NULL)) {
        g_ptr_array_add(data, (gpointer)item);
    }
    return false;
}

static bool find_state(TalkCoach *coach, const VocabularyItem *item, gpointer data)
{
    const VocabularyItem **found = data;
    if (item->kind == VOCABULARY_STATE && item->states == coach->state) {
        *found = item;
    }
    return *found != NULL;
}

static char *reference_of(const VocabularyItem *item)
{
    return item == NULL || item->reference.number == 0 ? NULL
                                                       : rfc_reference_to_string(item->reference);
}

static GPtrArray *allowed_commands(TalkCoach *coach)
{
    GPtrArray *items = g_ptr_array_new();
    visit_items(coach, gather_allowed, items);
    return items;
}

/* What state the session is in, and what may be typed. */
static void tell_state(TalkCoach *coach)
{
    const VocabularyItem *state = NULL;
    g_autoptr(GString) words = g_string_new(NULL);
    visit_items(coach, find_state, &state);
    g_autofree char *note = reference_of(state);
    g_autoptr(GPtrArray) items = allowed_commands(coach);
    if (state != NULL) {
        g_string_append_printf(words, "%s. %s", state->token, state->meaning);
        say(coach, "state", TEXT_LABEL, words->str, note);
    }
    if (talk_coach_is_in_message(coach)) {
        say(coach,
            "now",
            TEXT_LABEL,
            "Type the message: header fields, an empty line, the text; a line with a single dot "
            "ends it.",
            NULL);
        return;
    }
    if (talk_coach_wants_secret(coach)) {
        say(coach,
            "now",
            TEXT_LABEL,
            "Type the answer in base64, as `mailwalk explain base64 TEXT` makes it; a line with * "
            "gives up.",
            NULL);
        return;
    }
    if ((coach->state & coach->row->waiting) != 0) {
        say(coach, "now", TEXT_LABEL, "DONE ends the waiting; nothing else may be said.", NULL);
        return;
    }
    if (coach->goes_on) {
        say(coach, "now", TEXT_LABEL, "Type what the command still lacks.", NULL);
        return;
    }
    g_string_truncate(words, 0);
    for (guint i = 0; i < items->len; i++) {
        const VocabularyItem *item = items->pdata[i];
        g_string_append_printf(words, "%s%s", i == 0 ? "" : ", ", item->token);
    }
    if (items->len > 0) {
        g_string_append(
            words,
            coach->has_told_how ? "." : ". A line with ? explains them, ? and a word only that one."
        );
        coach->has_told_how = true;
        say(coach, "now", TEXT_LABEL, words->str, NULL);
    }
}

/* --- what was typed --- */

static bool gather_tokens(TalkCoach *coach, const VocabularyItem *item, gpointer data)
{
    (void)coach;
    if (item->kind == VOCABULARY_COMMAND) {
        g_ptr_array_add(data, (gpointer)item->token);
    }
    return false;
}

static const char *nearest_command(TalkCoach *coach, ByteSpan verb)
{
    g_autoptr(GPtrArray) tokens = g_ptr_array_new();
    g_autofree char *word = byte_span_to_display(verb);
    g_autofree char *capitals = g_ascii_strup(word, -1);
    visit_items(coach, gather_tokens, tokens);
    return cli_nearest(capitals, (const char *const *)tokens->pdata, tokens->len);
}

typedef struct {
    const char *word;
    const VocabularyItem *found;
} Search;

static bool find_command(TalkCoach *coach, const VocabularyItem *item, gpointer data)
{
    Search *search = data;
    (void)coach;
    if (item->kind == VOCABULARY_COMMAND && g_ascii_strcasecmp(item->token, search->word) == 0) {
        search->found = item;
    }
    return search->found != NULL;
}

/* "LIST" or "LOGIN bob ..." typed as in the other protocols. */
static bool lacks_tag(TalkCoach *coach, const DialogueEvent *event)
{
    g_autofree char *word = byte_span_to_display(event->tag);
    Search search = {.word = word};
    visit_items(coach, find_command, &search);
    return coach->row->protocol == MAIL_PROTOCOL_IMAP && search.found != NULL;
}

/* That it is unknown, or out of order, is among the remarks of its step. */
static void take_command(TalkCoach *coach, const DialogueEvent *event)
{
    coach->asked = event->exchange;
    if (byte_span_is_nocase(event->verb, "BDAT") && coach->row->protocol == MAIL_PROTOCOL_SMTP) {
        g_autofree char *size = byte_span_to_string(event->arguments);
        coach->chunk_left = g_ascii_strtoull(size, NULL, 10);
    }
    if (!talk_turn_command(&coach->turn, event)) {
        g_autofree char *tag = byte_span_to_display(event->tag);
        g_autofree char *text = g_strdup_printf(
            "The tag %s was used before; each command gets a tag of its own, by which its answer "
            "is found.",
            tag
        );
        say(coach, "!", TEXT_WARNING, text, "RFC 3501 §2.2.1");
    }
    if (event->item == NULL && lacks_tag(coach, event)) {
        g_autofree char *verb = byte_span_to_display(event->tag);
        g_autofree char *text =
            g_strdup_printf("A tag of your own is missing before the command: a1 %s", verb);
        say(coach, "!", TEXT_WARNING, text, NULL);
        return;
    }
    const char *nearest = event->item == NULL ? nearest_command(coach, event->verb) : NULL;
    if (nearest != NULL) {
        g_autofree char *text = g_strdup_printf("Did you mean %s?", nearest);
        say(coach, "!", TEXT_WARNING, text, NULL);
    }
}

static void take_reply(TalkCoach *coach, const DialogueEvent *event)
{
    talk_turn_reply(&coach->turn, event);
    if (event->is_last || event->is_intermediate) {
        coach->has_message_ended = false;
        /* A line without a tag is answered by "* BAD", which names no command. */
        bool is_for_all = event->exchange == 0 && byte_span_is(event->code, "BAD");
        coach->answered = is_for_all ? coach->asked : MAX(coach->answered, event->exchange);
        coach->goes_on = event->is_intermediate;
        coach->has_news = true;
    }
}

static void read_dialogue(TalkCoach *coach)
{
    DialogueEvent event;
    while (coach->row->class->next(coach->dialogue, &event)) {
        coach->state = event.state_after;
        bool ends_message =
            event.kind == DIALOGUE_EVENT_MESSAGE_END && event.side == DIALOGUE_CLIENT;
        if ((ends_message || event.kind == DIALOGUE_EVENT_CONTINUATION) && coach->asked > 0) {
            coach->answered = coach->asked - 1; /* the answer to all of it is still to come */
        }
        coach->has_message_ended |= ends_message;
        if (event.kind == DIALOGUE_EVENT_COMMAND) {
            take_command(coach, &event);
        } else if (event.kind == DIALOGUE_EVENT_REPLY) {
            take_reply(coach, &event);
        }
    }
}

void talk_coach_hear(TalkCoach *coach, DialogueSide side, ByteSpan octets, gint64 time_ns)
{
    if (coach->flow == NULL) {
        coach->begin_ns = time_ns;
        coach->flow = loopback_flow_open(coach->frames, &coach->client, &coach->server, time_ns);
    }
    loopback_flow_send(coach->flow, side == DIALOGUE_SERVER, octets, time_ns);
    if (side == DIALOGUE_CLIENT) {
        coach->chunk_left -= MIN(coach->chunk_left, octets.length);
    }
    coach->row->class->feed(coach->dialogue, side, octets);
    read_dialogue(coach);
    if (coach->has_news && !talk_coach_is_waiting(coach)) {
        coach->has_news = false;
        tell_state(coach);
    }
}

void talk_coach_finish(TalkCoach *coach)
{
    dissector_finish(coach->dissector);
}

/* --- questions to the coach --- */

static void explain_item(TalkCoach *coach, const VocabularyItem *item)
{
    g_autofree char *note = reference_of(item);
    say(coach, "", TEXT_LABEL, item->syntax == NULL ? item->token : item->syntax, note);
    TextRow row = {.indent = INDENT + LABEL_WIDTH + 2, .text = item->meaning};
    text_layout_row(&coach->layout, &row);
}

void talk_coach_explain(TalkCoach *coach, const char *word)
{
    if (*word == '\0') {
        g_autoptr(GPtrArray) items = allowed_commands(coach);
        for (guint i = 0; i < items->len; i++) {
            explain_item(coach, items->pdata[i]);
        }
        return;
    }
    Search search = {.word = word};
    visit_items(coach, find_command, &search);
    if (search.found == NULL) {
        const char *nearest = nearest_command(coach, byte_span_from_string(word));
        g_autofree char *text = g_strdup_printf(
            "No command has that name%s%s.",
            nearest == NULL ? "" : "; the nearest is ",
            nearest == NULL ? "" : nearest
        );
        say(coach, "", TEXT_LABEL, text, NULL);
        return;
    }
    explain_item(coach, search.found);
    if (search.found->replies != NULL) {
        g_autofree char *text = g_strdup_printf("It may be answered by %s.", search.found->replies);
        say(coach, "", TEXT_LABEL, text, NULL);
    }
}

bool talk_coach_is_waiting(const TalkCoach *coach)
{
    return coach->asked > coach->answered || coach->begin_ns == 0;
}

bool talk_coach_is_in_message(const TalkCoach *coach)
{
    return (coach->state & coach->row->message) != 0 && !coach->has_message_ended;
}

bool talk_coach_is_in_chunk(const TalkCoach *coach)
{
    return coach->chunk_left > 0 && coach->asked > coach->answered;
}

bool talk_coach_wants_secret(const TalkCoach *coach)
{
    return (coach->state & coach->row->secret) != 0;
}

bool talk_coach_is_over(const TalkCoach *coach)
{
    return (coach->state & coach->row->over) != 0;
}

bool talk_coach_write(TalkCoach *coach, FILE *stream)
{
    return text_layout_write(&coach->layout, stream) && fflush(stream) == 0;
}
