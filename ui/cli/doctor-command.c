#include "ui/cli/doctor-command.h"

#include "ui/cli/doctor-probe.h"
#include "ui/report/json-line.h"
#include "ui/report/text-layout.h"

#include <stdio.h>

#define WIDEST_LINE 110
#define TITLE_COLUMNS 22

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(DoctorFacts, doctor_facts_clear)

static guint count_problems(const GPtrArray *findings)
{
    guint count = 0;
    for (guint i = 0; i < findings->len; i++) {
        count += !((const DoctorFinding *)findings->pdata[i])->is_fine;
    }
    return count;
}

static void add_finding(TextLayout *layout, const DoctorFinding *finding)
{
    g_autofree char *title =
        g_strdup_printf("%s %s", finding->is_fine ? "ok" : "--", finding->title);
    text_layout_row(
        layout,
        &(TextRow){
            .label = title,
            .label_style = finding->is_fine ? TEXT_GOOD : TEXT_BAD,
            .label_width = TITLE_COLUMNS + 3,
            .text = finding->text,
        }
    );
    if (finding->mend != NULL) {
        text_layout_row(
            layout,
            &(TextRow){.indent = TITLE_COLUMNS + 3, .style = TEXT_QUIET, .text = finding->mend}
        );
    }
}

static bool print_text(const GPtrArray *findings)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    layout.width = MIN(layout.width, WIDEST_LINE);
    for (guint i = 0; i < findings->len; i++) {
        add_finding(&layout, findings->pdata[i]);
    }
    guint problems = count_problems(findings);
    g_autofree char *sum =
        problems == 0 ? g_strdup("Nothing is missing.")
                      : g_strdup_printf(
                            "%u of %u could be better; the rest of mailwalk works without.",
                            problems,
                            findings->len
                        );
    text_layout_blank(&layout);
    text_layout_paragraph(&layout, 0, TEXT_PLAIN, sum);
    bool is_written = text_layout_write(&layout, stdout);
    text_layout_clear(&layout);
    return is_written;
}

static bool print_json(const GPtrArray *findings)
{
    JsonLine line;
    json_line_init(&line);
    json_line_begin_start(&line, "doctor");
    bool is_written = json_line_end(&line, stdout);
    for (guint i = 0; i < findings->len; i++) {
        const DoctorFinding *finding = findings->pdata[i];
        json_line_begin(&line, "finding");
        json_line_string(&line, "id", finding->id);
        json_line_string(&line, "title", finding->title);
        json_line_boolean(&line, "fine", finding->is_fine);
        json_line_string(&line, "text", finding->text);
        json_line_string(&line, "mend", finding->mend);
        is_written = json_line_end(&line, stdout) && is_written;
    }
    json_line_begin(&line, "end");
    json_line_number(&line, "findings", findings->len);
    json_line_number(&line, "missing", count_problems(findings));
    is_written = json_line_end(&line, stdout) && is_written;
    json_line_clear(&line);
    return is_written;
}

static const char description[] =
    "Looks at the shipped files, the terminal, the locale, folders, ports, capture rights and\n"
    "the programs that the guides and the tests use. Nothing is changed.\n"
    "\nExit status: 0 all is there, 1 something is missing.\n";

ExitStatus doctor_command_run(int argc, char **argv)
{
    gboolean wants_json = FALSE;
    const GOptionEntry entries[] = {
        {.long_name = "json",
         .arg = G_OPTION_ARG_NONE,
         .arg_data = &wants_json,
         .description = "Print JSON lines instead of text"},
        {0},
    };
    ExitStatus status;
    if (!cli_parse_options(
            cli_command_find("doctor"), NULL, description, entries, &argc, &argv, &status
        )) {
        return status;
    }
    if (argc > 1) {
        return cli_usage_error("doctor", "takes no arguments, but was given '%s'", argv[1]);
    }
    g_auto(DoctorFacts) facts;
    doctor_facts_init(&facts);
    doctor_probe(&facts);
    g_autoptr(GPtrArray) findings = doctor_findings(&facts);
    bool is_written = wants_json ? print_json(findings) : print_text(findings);
    if (!is_written || fflush(stdout) != 0) {
        return EXIT_ENVIRONMENT;
    }
    return count_problems(findings) == 0 ? EXIT_DONE : EXIT_NO;
}
