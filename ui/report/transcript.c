#include "ui/report/transcript.h"

#include "ui/report/step-text.h"

/* What is held of one conversation. */
typedef struct {
    guint64 number;
    TextLayout body;
    char *client; /* "10.1.0.7:51322" */
    char *server;
    const char *protocol;
    gint64 begin_ns;
    gint64 latest_ns;
    guint64 first_frame;
    guint64 last_frame;
    guint64 lines;
    guint parts; /* told already, because of the maximum */
} Section;

struct Transcript {
    FILE *stream;
    TranscriptOptions options;
    GHashTable *sections; /* number -> Section */
    Section *others;      /* what has no stream: DNS, fragments */
    TextLayout head;
    gsize held;
    guint64 told;
    guint64 not_mail;
    guint64 look_ups;
    guint64 remarks;
    bool has_failed;
};

static void section_free(gpointer data)
{
    Section *section = data;
    if (section != NULL) {
        text_layout_clear(&section->body);
        g_free(section->client);
        g_free(section->server);
        g_free(section);
    }
}

static void layout_init(const Transcript *transcript, TextLayout *layout)
{
    text_layout_init_plain(layout, transcript->options.width);
    layout->has_colour = transcript->options.has_colour;
}

Transcript *transcript_new(FILE *stream, const TranscriptOptions *options)
{
    Transcript *transcript = g_new0(Transcript, 1);
    transcript->stream = stream;
    transcript->options = *options;
    transcript->sections = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, section_free);
    layout_init(transcript, &transcript->head);
    return transcript;
}

void transcript_free(Transcript *transcript)
{
    if (transcript != NULL) {
        g_hash_table_unref(transcript->sections);
        section_free(transcript->others);
        text_layout_clear(&transcript->head);
        g_free(transcript);
    }
}

static char *place_text(const char *address, guint16 port)
{
    bool is_six = strchr(address, ':') != NULL;
    return g_strdup_printf(is_six ? "[%s]:%u" : "%s:%u", address, port);
}

static Section *section_new(const Transcript *transcript, const Step *step)
{
    Section *section = g_new0(Section, 1);
    layout_init(transcript, &section->body);
    section->number = step->stream;
    section->protocol = "";
    section->begin_ns = step->time_ns;
    if (step->has_stream) {
        guint16 ports[2] = {step->from_port, step->to_port};
        const char *sides[2] = {step->from, step->to};
        section->client = place_text(sides[step->is_from_server], ports[step->is_from_server]);
        section->server = place_text(sides[!step->is_from_server], ports[!step->is_from_server]);
    }
    return section;
}

static Section *section_of(Transcript *transcript, const Step *step)
{
    if (!step->has_stream) {
        if (transcript->others == NULL) {
            transcript->others = section_new(transcript, step);
        }
        return transcript->others;
    }
    Section *section = g_hash_table_lookup(transcript->sections, &step->stream);
    if (section == NULL) {
        section = section_new(transcript, step);
        g_hash_table_insert(transcript->sections, &section->number, section);
    }
    return section;
}

static void note_step(Section *section, const Step *step)
{
    if (step->protocol[0] != '\0' && step->kind != STEP_FRAME) {
        section->protocol = step->protocol;
    }
    section->begin_ns = MIN(section->begin_ns, step->time_ns);
    section->latest_ns = MAX(section->latest_ns, step->time_ns);
    if (step->frames->len > 0) {
        guint64 first = g_array_index(step->frames, guint64, 0);
        guint64 last = g_array_index(step->frames, guint64, step->frames->len - 1);
        section->first_frame = section->first_frame == 0 ? first : MIN(section->first_frame, first);
        section->last_frame = MAX(section->last_frame, last);
    }
    bool is_line = step->kind == STEP_COMMAND || step->kind == STEP_REPLY ||
                   step->kind == STEP_CONTINUATION || step->kind == STEP_DNS_QUESTION ||
                   step->kind == STEP_DNS_ANSWER;
    section->lines += is_line;
    section->lines += step->kind == STEP_REPLY ? (guint64)(MAX(step->octets, 1) - 1) : 0;
}

static void write_out(Transcript *transcript, Section *section, const char *heading)
{
    TextLayout *head = &transcript->head;
    g_autofree char *when = step_text_time(section->begin_ns);
    g_autofree char *frames =
        section->first_frame == section->last_frame
            ? g_strdup_printf("frame %" G_GUINT64_FORMAT, section->first_frame)
            : g_strdup_printf(
                  "frames %" G_GUINT64_FORMAT " to %" G_GUINT64_FORMAT,
                  section->first_frame,
                  section->last_frame
              );
    g_autofree char *second = g_strdup_printf("%s \302\267 %s", when, frames);
    text_layout_paragraph(head, 0, TEXT_HEADING, heading);
    text_layout_paragraph(head, 0, TEXT_QUIET, second);
    transcript->held -= section->body.text->len;
    text_layout_blank(&section->body);
    transcript->has_failed |= !text_layout_write(head, transcript->stream) ||
                              !text_layout_write(&section->body, transcript->stream);
}

static void tell_others(Transcript *transcript)
{
    Section *section = transcript->others;
    if (section == NULL || section->body.text->len == 0) {
        return;
    }
    bool is_dns = g_str_equal(section->protocol, "DNS");
    write_out(transcript, section, is_dns ? "DNS" : "Outside any connection");
    g_clear_pointer(&transcript->others, section_free);
}

static char *heading_of(const Section *section, const char *ending, const char *port_protocol)
{
    GString *text = g_string_new(NULL);
    const char *protocol = section->protocol[0] != '\0' ? section->protocol
                           : port_protocol != NULL      ? port_protocol
                                                        : "TCP";
    g_string_append_printf(
        text, "Stream %" G_GUINT64_FORMAT " \302\267 %s", section->number, protocol
    );
    if (section->parts > 0) {
        g_string_append_printf(text, ", part %u", section->parts + 1);
    }
    g_string_append_printf(text, " \302\267 %s to %s", section->client, section->server);
    g_string_append_printf(
        text,
        " \302\267 %" G_GUINT64_FORMAT " line%s \302\267 %s",
        section->lines,
        section->lines == 1 ? "" : "s",
        ending
    );
    return g_string_free(text, FALSE);
}

static char *seconds_text(gint64 duration_ns)
{
    gint64 ms = MAX(duration_ns, 0) / 1000000;
    return ms < 10000
               ? g_strdup_printf("%d.%03d s", (int)(ms / 1000), (int)(ms % 1000))
               : g_strdup_printf("%" G_GINT64_FORMAT ".%d s", ms / 1000, (int)(ms % 1000 / 100));
}

static const char *detail_text(const Step *step, const char *label)
{
    for (guint i = 0; i < step->details->len; i++) {
        const StepDetail *detail = &g_array_index(step->details, StepDetail, i);
        if (g_str_equal(detail->label, label)) {
            return detail->text;
        }
    }
    return NULL;
}

static void tell_section(Transcript *transcript, Section *section, const Step *closed)
{
    const char *port = detail_text(closed, "port");
    const char *missing = detail_text(closed, "missing");
    bool is_mail = section->protocol[0] != '\0' || port != NULL;
    if (!is_mail && !transcript->options.shows_others) {
        transcript->not_mail++;
        transcript->held -= section->body.text->len;
        return;
    }
    g_autofree char *seconds = seconds_text(closed->duration_ns);
    g_autofree char *ending = g_strdup_printf(
        "%s, %s%s%s%s",
        closed->text,
        seconds,
        missing == NULL ? "" : " \302\267 ",
        missing == NULL ? "" : missing,
        missing == NULL ? "" : " missing"
    );
    g_autofree char *heading = heading_of(section, ending, port);
    tell_others(transcript);
    write_out(transcript, section, heading);
    transcript->told++;
}

/* Too much is held: what there is of this one comes out now. */
static void tell_part(Transcript *transcript, Section *section)
{
    if (section->client == NULL) {
        tell_others(transcript);
        return;
    }
    g_autofree char *heading = heading_of(section, "goes on below: it is long", NULL);
    write_out(transcript, section, heading);
    section->parts++;
    section->lines = 0;
    section->first_frame = 0;
}

static bool is_shown(const Transcript *transcript, const Step *step)
{
    bool is_told = step->kind == STEP_CLOSED && step->remarks->len == 0; /* by the heading */
    return step->level <= transcript->options.level && !is_told;
}

void transcript_step(gpointer owner, Step *step)
{
    Transcript *transcript = owner;
    Section *section = section_of(transcript, step);
    note_step(section, step);
    transcript->look_ups += step->kind == STEP_DNS_QUESTION;
    transcript->remarks += step->remarks->len;
    if (is_shown(transcript, step)) {
        gsize before = section->body.text->len;
        step_text_row(&section->body, step, section->begin_ns);
        transcript->held += section->body.text->len - before;
    }
    if (step->kind == STEP_CLOSED) {
        tell_section(transcript, section, step);
        g_hash_table_remove(transcript->sections, &step->stream);
    } else if (section->body.text->len > TRANSCRIPT_PART_MAXIMUM || transcript->held > TRANSCRIPT_HELD_MAXIMUM) {
        tell_part(transcript, section);
    }
    step_free(step);
}

bool transcript_finish(Transcript *transcript)
{
    tell_others(transcript);
    g_autofree char *others =
        transcript->not_mail == 0
            ? g_strdup("")
            : g_strdup_printf(
                  "; %" G_GUINT64_FORMAT " TCP connection%s without a mail protocol, not shown",
                  transcript->not_mail,
                  transcript->not_mail == 1 ? "" : "s"
              );
    g_autofree char *totals = g_strdup_printf(
        "%" G_GUINT64_FORMAT " conversation%s, %" G_GUINT64_FORMAT
        " DNS question%s, %" G_GUINT64_FORMAT " remark%s%s.",
        transcript->told,
        transcript->told == 1 ? "" : "s",
        transcript->look_ups,
        transcript->look_ups == 1 ? "" : "s",
        transcript->remarks,
        transcript->remarks == 1 ? "" : "s",
        others
    );
    text_layout_paragraph(&transcript->head, 0, TEXT_QUIET, totals);
    transcript->has_failed |= !text_layout_write(&transcript->head, transcript->stream);
    return !transcript->has_failed && fflush(transcript->stream) == 0;
}
