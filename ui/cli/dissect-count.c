#include "ui/cli/dissect-count.h"

#include "dissect/conversation/dissector-pair.h"
#include "ui/cli/reading-progress.h"
#include "ui/report/dissect-summary.h"

#include <stdio.h>

static void on_event(gpointer owner, const DissectEvent *event)
{
    dissect_summary_event(owner, event);
}

/* Adds to 'damage' a line for people. False: it cannot be opened, or a limit was met. */
static bool read_capture(DissectorPair *pair, const char *path, guint64 first, GString *damage)
{
    g_autoptr(CaptureReader) reader = capture_reader_open(path, first, NULL);
    if (reader == NULL) {
        return false;
    }
    ReadingProgress progress = reading_progress_begin();
    dissector_pair_read(pair, reader, reading_progress_show, &progress);
    reading_progress_end(&progress);
    const CaptureDamage *found = capture_reader_damage(reader);
    if (found != NULL) {
        g_autofree char *safe = cli_safe_text(path);
        g_string_append_printf(damage, "mailwalk dissect: %s: %s\n", safe, found->message);
    }
    return !dissector_pair_has_met_limit(pair);
}

static bool read_all(DissectorPair *pair, char *const *captures, GString *damage)
{
    for (guint i = 0; captures[i] != NULL; i++) {
        guint64 first = dissector_pair_packet_statistics(pair).frames + 1;
        if (!read_capture(pair, captures[i], first, damage)) {
            return false;
        }
    }
    dissector_pair_finish(pair);
    return !dissector_pair_has_met_limit(pair);
}

static bool write_summary(const DissectSummary *summary, const DissectorPair *pair)
{
    PacketStatistics packets = dissector_pair_packet_statistics(pair);
    StreamStatistics streams = dissector_pair_stream_statistics(pair);
    TextLayout layout;
    text_layout_init(&layout, stdout);
    dissect_summary_write(summary, &packets, &streams, &layout);
    bool is_written = text_layout_write(&layout, stdout) && fflush(stdout) == 0;
    text_layout_clear(&layout);
    return is_written;
}

bool dissect_count(char *const *captures, const DissectOptions *how, ExitStatus *out_status)
{
    g_autoptr(DissectSummary) summary = dissect_summary_new();
    g_autoptr(DissectSummary) other = dissect_summary_new();
    gpointer owners[] = {summary, other};
    DissectSink sink = {.event = on_event};
    g_autoptr(DissectorPair) pair = dissector_pair_new(how, &sink, owners);
    g_autoptr(GString) damage = g_string_new(NULL);
    if (!read_all(pair, captures, damage) || !dissect_summary_add(summary, other)) {
        return false;
    }
    fputs(damage->str, stderr);
    bool is_written = write_summary(summary, pair);
    *out_status = !is_written ? EXIT_ENVIRONMENT : damage->len > 0 ? EXIT_NO : EXIT_DONE;
    return true;
}
