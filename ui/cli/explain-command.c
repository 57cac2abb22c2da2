#include "ui/cli/explain-command.h"

#include "protocol/text/byte-buffer.h"
#include "ui/report/explain.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#define NAME "explain"

typedef struct {
    gboolean decode;
    gboolean mime;
    gboolean binary;
    gboolean escapes;
    gboolean all;
    gboolean json;
    char *hex;
    char *file;
    char *charset;
    char *encoding;
    char **trust;
} Options;

static void options_clear(Options *options)
{
    g_free(options->hex);
    g_free(options->file);
    g_free(options->charset);
    g_free(options->encoding);
    g_strfreev(options->trust);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Options, options_clear)

static void append_kinds(GString *description)
{
    g_string_append(description, "Kinds:\n");
    for (gsize i = 0; i < n_explain_kinds; i++) {
        g_autofree char *form =
            g_strdup_printf("%s %s", explain_kinds[i].name, explain_kinds[i].arguments);
        g_string_append_printf(description, "  %-28s %s\n", form, explain_kinds[i].summary);
    }
}

static void append_long_names(GString *description)
{
    g_string_append(description, "Also understood:");
    const char *separator = " ";
    for (gsize i = 0; i < n_explain_kinds; i++) {
        if (explain_kinds[i].long_name != NULL) {
            g_string_append_printf(description, "%s%s", separator, explain_kinds[i].long_name);
            separator = ", ";
        }
    }
}

/* One row of the table of options. */
#define OPTION(name, letter, kind, place, help, value)                                             \
    {                                                                                              \
        name, letter, 0, G_OPTION_ARG_##kind, &options->place, help, value                         \
    }

static bool parse_options(int *argc, char ***argv, Options *options, ExitStatus *out_status)
{
    const char *escapes_help = "Read \\r \\n \\t \\0 \\\\ and \\xNN in TEXT";
    const char *mime_help = "base64: in lines of 76; reading, step over line breaks";
    const GOptionEntry entries[] = {
        OPTION("decode", 'd', NONE, decode, "Go the other way", NULL),
        OPTION("hex", 'x', STRING, hex, "The octets in hexadecimal", "HEX"),
        OPTION("file", 'f', FILENAME, file, "The octets of FILE; - is standard input", "FILE"),
        OPTION("escapes", 'e', NONE, escapes, escapes_help, NULL),
        OPTION("mime", 0, NONE, mime, mime_help, NULL),
        OPTION("binary", 0, NONE, binary, "qp: CR and LF are no line breaks", NULL),
        OPTION("charset", 0, STRING, charset, "word: write it in this charset", "NAME"),
        OPTION("encoding", 0, STRING, encoding, "word: B or Q", "LETTER"),
        OPTION("trust", 0, STRING_ARRAY, trust, "received: believe lines written by HOST", "HOST"),
        OPTION("all", 'a', NONE, all, "Leave out no step of a long text", NULL),
        OPTION("json", 'j', NONE, json, "Write JSON lines", NULL),
        {0},
    };
    g_autoptr(GString) description = g_string_new(NULL);
    append_kinds(description);
    append_long_names(description);
    g_string_append(
        description,
        "\n\nTEXT may also come from --hex, --file or standard input. The exit status is 1 where "
        "the\n"
        "answer is no: an address that no envelope may carry, a text that cannot be decoded.\n"
    );
    return cli_parse_options(
        cli_command_find(NAME), "KIND TEXT", description->str, entries, argc, argv, out_status
    );
}

static const ExplainKind *find_kind(const char *name)
{
    const ExplainKind *kind = explain_kind_find(name);
    if (kind != NULL) {
        return kind;
    }
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    for (gsize i = 0; i < n_explain_kinds; i++) {
        g_ptr_array_add(names, (gpointer)explain_kinds[i].name);
    }
    g_ptr_array_add(names, NULL);
    const char *nearest = cli_nearest(name, (const char *const *)names->pdata, names->len - 1);
    g_autofree char *list = g_strjoinv(", ", (char **)names->pdata);
    if (nearest != NULL) {
        cli_usage_error(NAME, "there is no kind '%s'; did you mean '%s'?", name, nearest);
    } else {
        cli_usage_error(NAME, "there is no kind '%s'; there are %s", name, list);
    }
    return NULL;
}

/* Hexadecimal digits in pairs; spaces, colons and a 0x before each pair do not matter. */
static ExitStatus read_hex(const char *hex, ByteBuffer *octets)
{
    for (const char *at = hex; *at != '\0';) {
        if (*at == ' ' || *at == ':' || *at == ',') {
            at++;
            continue;
        }
        at += at[0] == '0' && (at[1] == 'x' || at[1] == 'X') ? 2 : 0;
        if (!g_ascii_isxdigit(at[0]) || !g_ascii_isxdigit(at[1])) {
            return cli_usage_error(
                NAME,
                "--hex wants pairs of hexadecimal digits; character %zu starts none",
                (gsize)(at - hex) + 1
            );
        }
        guint8 octet = (guint8)(g_ascii_xdigit_value(at[0]) * 16 + g_ascii_xdigit_value(at[1]));
        if (!byte_buffer_append(octets, byte_span(&octet, 1))) {
            return cli_usage_error(NAME, "that is more than %d octets", EXPLAIN_INPUT_MAXIMUM);
        }
        at += 2;
    }
    return EXIT_DONE;
}

static ExitStatus read_stream(FILE *stream, const char *name, ByteBuffer *octets)
{
    char piece[65536];
    gsize length;
    while ((length = fread(piece, 1, sizeof piece, stream)) > 0) {
        if (!byte_buffer_append(octets, byte_span(piece, length))) {
            return cli_environment_error(
                NAME, "%s is larger than %d octets", name, EXPLAIN_INPUT_MAXIMUM
            );
        }
    }
    return ferror(stream) ? cli_environment_error(NAME, "cannot read %s", name) : EXIT_DONE;
}

static ExitStatus read_file(const char *name, ByteBuffer *octets)
{
    if (strcmp(name, "-") == 0) {
        return read_stream(stdin, "standard input", octets);
    }
    FILE *stream = fopen(name, "rb");
    if (stream == NULL) {
        return cli_environment_error(NAME, "cannot open %s: %s", name, g_strerror(errno));
    }
    ExitStatus status = read_stream(stream, name, octets);
    fclose(stream);
    return status;
}

/* One escape at 'at'; gives its length, or 0. */
static gsize read_escape(const char *at, guint8 *out_octet)
{
    static const char names[] = "rnt0\\";
    static const char values[] = "\r\n\t\0\\";
    if (at[1] == 'x' && g_ascii_isxdigit(at[2]) && g_ascii_isxdigit(at[3])) {
        *out_octet = (guint8)(g_ascii_xdigit_value(at[2]) * 16 + g_ascii_xdigit_value(at[3]));
        return 4;
    }
    const char *found = at[1] == '\0' ? NULL : strchr(names, at[1]);
    if (found == NULL) {
        return 0;
    }
    *out_octet = (guint8)values[found - names];
    return 2;
}

static ExitStatus read_words(char **words, bool has_escapes, ByteBuffer *octets)
{
    g_autofree char *text = g_strjoinv(" ", words);
    for (const char *at = text; *at != '\0';) {
        guint8 octet = (guint8)*at;
        gsize length = has_escapes && *at == '\\' ? read_escape(at, &octet) : 1;
        if (length == 0) {
            return cli_usage_error(
                NAME,
                "there is no escape '\\%c' (character %zu); --escapes knows \\r \\n \\t \\0 "
                "\\\\ and \\xNN",
                at[1] == '\0' ? ' ' : at[1],
                (gsize)(at - text) + 1
            );
        }
        if (!byte_buffer_append(octets, byte_span(&octet, 1))) {
            return cli_usage_error(NAME, "that is more than %d octets", EXPLAIN_INPUT_MAXIMUM);
        }
        at += length;
    }
    return EXIT_DONE;
}

static void drop_line_end(ByteBuffer *octets)
{
    ByteSpan span = byte_buffer_span(octets);
    gsize length = span.length;
    length -= length > 0 && span.data[length - 1] == '\n' ? 1 : 0;
    length -= length < span.length && length > 0 && span.data[length - 1] == '\r' ? 1 : 0;
    byte_buffer_truncate(octets, length);
}

/* Whichever source was named; two are one too many. */
static ExitStatus
read_input(const ExplainKind *kind, const Options *options, char **words, ByteBuffer *octets)
{
    guint n_sources = (options->hex != NULL) + (options->file != NULL) + (words[0] != NULL);
    if (n_sources > 1) {
        return cli_usage_error(NAME, "give one of TEXT, --hex and --file, not several");
    }
    if (options->hex != NULL) {
        return read_hex(options->hex, octets);
    }
    if (options->file != NULL) {
        return read_file(options->file, octets);
    }
    if (words[0] != NULL) {
        return read_words(words, options->escapes, octets);
    }
    if (isatty(STDIN_FILENO)) {
        return cli_usage_error(NAME, "'%s' wants %s", kind->name, kind->arguments);
    }
    return read_stream(stdin, "standard input", octets);
}

static ExitStatus check_words(const ExplainKind *kind, const Options *options, gsize n_words)
{
    if (kind->least_words > 0 && (options->hex != NULL || options->file != NULL)) {
        return cli_usage_error(NAME, "'%s' takes no --hex or --file", kind->name);
    }
    if (n_words < kind->least_words || n_words > kind->most_words) {
        return cli_usage_error(
            NAME,
            "'%s' wants %s; %zu argument%s given",
            kind->name,
            kind->arguments,
            n_words,
            n_words == 1 ? " was" : "s were"
        );
    }
    return EXIT_DONE;
}

static ExitStatus read_request(
    const ExplainKind *kind,
    const Options *options,
    char **words,
    ByteBuffer *octets,
    ExplainRequest *out_request
)
{
    gsize n_words = g_strv_length(words);
    ExitStatus status = check_words(kind, options, n_words);
    if (status == EXIT_DONE && kind->least_words == 0) {
        status = read_input(kind, options, words, octets);
    }
    bool drops_line_end = kind->line_end == EXPLAIN_LINE_END_DROPPED ||
                          (kind->line_end == EXPLAIN_LINE_END_DROPPED_TO_DECODE && options->decode);
    if (drops_line_end && options->hex == NULL && n_words == 0) {
        drop_line_end(octets);
    }
    char letter = options->encoding == NULL ? '\0' : g_ascii_toupper(options->encoding[0]);
    if (status == EXIT_DONE && letter != '\0' &&
        ((letter != 'B' && letter != 'Q') || options->encoding[1] != '\0')) {
        status = cli_usage_error(NAME, "--encoding is B or Q, not '%s'", options->encoding);
    }
    *out_request = (ExplainRequest){
        .octets = byte_buffer_span(octets),
        .words = (const char *const *)words,
        .n_words = n_words,
        .wants_decoding = options->decode,
        .is_lenient = options->mime,
        .is_binary = options->binary,
        .wants_everything = options->all,
        .charset = options->charset,
        .word_encoding = letter,
        .trusted_hosts = (const char *const *)options->trust,
        .n_trusted_hosts = options->trust == NULL ? 0 : g_strv_length(options->trust),
    };
    return status;
}

static ExitStatus explain_as_text(const ExplainKind *kind, const ExplainRequest *request)
{
    TextLayout layout;
    text_layout_init(&layout, stdout);
    ExplainOutput output = {.layout = &layout, .stream = stdout};
    bool is_yes = kind->explain(request, &output);
    bool is_written = text_layout_write(&layout, stdout) && fflush(stdout) == 0;
    text_layout_clear(&layout);
    if (!is_written) {
        return EXIT_ENVIRONMENT;
    }
    return is_yes ? EXIT_DONE : EXIT_NO;
}

static ExitStatus explain_as_json(const ExplainKind *kind, const ExplainRequest *request)
{
    JsonLine json;
    json_line_init(&json);
    ExplainOutput output = {.json = &json, .stream = stdout};
    json_line_begin_start(&json, NAME);
    json_line_string(&json, "kind", kind->name);
    json_line_end(&json, stdout);
    bool is_yes = kind->explain(request, &output);
    json_line_begin(&json, "end");
    json_line_number(&json, "steps", output.n_steps);
    json_line_boolean(&json, "valid", is_yes);
    bool is_written = json_line_end(&json, stdout) && fflush(stdout) == 0;
    json_line_clear(&json);
    if (!is_written) {
        return EXIT_ENVIRONMENT;
    }
    return is_yes ? EXIT_DONE : EXIT_NO;
}

ExitStatus explain_command_run(int argc, char **argv)
{
    ExitStatus status;
    g_auto(Options) options = {0};
    if (!parse_options(&argc, &argv, &options, &status)) {
        return status;
    }
    if (argc < 2) {
        return cli_usage_error(NAME, "a kind must be named: base64, qp, word, address ...");
    }
    const ExplainKind *kind = find_kind(argv[1]);
    if (kind == NULL) {
        return EXIT_USAGE;
    }
    char **words = argv + 2;
    if (words[0] != NULL && strcmp(words[0], "--") == 0) {
        words++;
    }
    ByteBuffer octets;
    ExplainRequest request;
    byte_buffer_init(&octets, EXPLAIN_INPUT_MAXIMUM);
    status = read_request(kind, &options, words, &octets, &request);
    if (status == EXIT_DONE) {
        status = options.json ? explain_as_json(kind, &request) : explain_as_text(kind, &request);
    }
    byte_buffer_clear(&octets);
    return status;
}
