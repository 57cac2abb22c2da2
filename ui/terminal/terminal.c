#include "ui/terminal/terminal.h"

#include <curses.h>
#include <locale.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#define FAILURES_MAXIMUM 1000

/* Colours that people who see red and green alike can tell apart: blue, cyan, yellow, magenta;
 * what matters is marked by more than its colour. */
typedef struct {
    short colour;
    attr_t with_colour;
    attr_t without_colour;
} StyleRow;

static const StyleRow styles[N_CELL_STYLES] = {
    [CELL_PLAIN] = {-1, A_NORMAL, A_NORMAL},
    [CELL_HEADING] = {-1, A_BOLD, A_BOLD},
    [CELL_PROTOCOL] = {COLOR_CYAN, A_BOLD, A_BOLD},
    [CELL_LABEL] = {COLOR_CYAN, A_NORMAL, A_NORMAL},
    [CELL_QUIET] = {-1, A_DIM, A_DIM},
    [CELL_GOOD] = {COLOR_BLUE, A_BOLD, A_NORMAL},
    [CELL_WARNING] = {COLOR_YELLOW, A_BOLD, A_BOLD},
    [CELL_BAD] = {COLOR_MAGENTA, A_BOLD, A_BOLD | A_UNDERLINE},
    [CELL_CURSOR] = {-1, A_REVERSE, A_REVERSE},
    [CELL_SELECTED] = {-1, A_REVERSE, A_REVERSE},
};

bool terminal_is_there(void)
{
    const char *name = g_getenv("TERM");
    return isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && name != NULL && name[0] != '\0' &&
           strcmp(name, "dumb") != 0;
}

static bool wants_colour(void)
{
    const char *no_colour = g_getenv("NO_COLOR");
    return has_colors() && (no_colour == NULL || no_colour[0] == '\0');
}

static void begin_colours(void)
{
    start_color();
    use_default_colors();
    for (short i = 0; i < N_CELL_STYLES; i++) {
        init_pair((short)(i + 1), styles[i].colour, -1);
    }
}

static void show_cell(guint x, guint y, const Cell *cell, bool has_colour)
{
    wchar_t text[2] = {(wchar_t)cell->letter, 0};
    cchar_t shown;
    const StyleRow *style = &styles[cell->style];
    short pair = has_colour && style->colour >= 0 ? (short)(cell->style + 1) : 0;
    setcchar(&shown, text, has_colour ? style->with_colour : style->without_colour, pair, NULL);
    mvadd_wch((int)y, (int)x, &shown);
}

static void show(Stage *stage, bool has_colour)
{
    g_autoptr(CellGrid) grid = cell_grid_new((guint)COLS, (guint)LINES);
    stage_draw(stage, grid);
    for (guint y = 0; y < grid->height; y++) {
        for (guint x = 0; x < grid->width; x++) {
            const Cell *cell = cell_grid_at(grid, x, y);
            if (cell->letter != 0) {
                show_cell(x, y, cell, has_colour);
            }
        }
    }
    refresh();
}

static guint32 key_of(int code)
{
    static const struct {
        int code;
        guint32 key;
    } rows[] = {
        {KEY_LEFT, STAGE_KEY_LEFT},
        {KEY_RIGHT, STAGE_KEY_RIGHT},
        {KEY_UP, STAGE_KEY_UP},
        {KEY_DOWN, STAGE_KEY_DOWN},
        {KEY_PPAGE, STAGE_KEY_PAGE_UP},
        {KEY_NPAGE, STAGE_KEY_PAGE_DOWN},
        {KEY_HOME, STAGE_KEY_HOME},
        {KEY_END, STAGE_KEY_END},
        {KEY_BTAB, STAGE_KEY_BACK_TAB},
        {KEY_ENTER, STAGE_KEY_ENTER},
        {KEY_BACKSPACE, STAGE_KEY_BACKSPACE},
        {KEY_DC, STAGE_KEY_DELETE},
        {KEY_F(1), STAGE_KEY_F1},
    };

    for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
        if (rows[i].code == code) {
            return rows[i].key;
        }
    }
    return 0;
}

static guint32 key_of_letter(wint_t letter)
{
    switch (letter) {
    case '\t':
        return STAGE_KEY_TAB;
    case '\r':
    case '\n':
        return STAGE_KEY_ENTER;
    case 27:
        return STAGE_KEY_ESCAPE;
    case 8:
    case 127:
        return STAGE_KEY_BACKSPACE;
    default:
        return (guint32)letter;
    }
}

static bool take_mouse(Stage *stage)
{
    MEVENT event;
    if (getmouse(&event) != OK) {
        return true;
    }
    if ((event.bstate & BUTTON4_PRESSED) != 0) {
        return stage_key(stage, STAGE_KEY_LEFT);
    }
    if ((event.bstate & BUTTON5_PRESSED) != 0) {
        return stage_key(stage, STAGE_KEY_RIGHT);
    }
    if ((event.bstate & (BUTTON1_CLICKED | BUTTON1_PRESSED)) != 0 && event.x >= 0 && event.y >= 0) {
        stage_click(stage, (guint)event.x, (guint)event.y);
    }
    return true;
}

/* What was typed and is not a letter yet. Octets are put together here, for get_wch() of ncurses
 * does not find its way back out of octets that are none. */
typedef struct {
    char octets[4];
    guint count;
    guint failures; /* one after another */
} Typed;

static bool is_gone(void)
{
    GPollFD terminal = {.fd = STDIN_FILENO, .events = G_IO_IN};
    return g_poll(&terminal, 1, 0) > 0 && (terminal.revents & (G_IO_HUP | G_IO_ERR)) != 0;
}

/* A terminal that gives nothing at all, again and again, is no more. */
static bool take_nothing(Stage *stage, Typed *typed)
{
    if (stage_tick_ms(stage) >= 0) {
        stage_tick(stage);
        return !is_gone();
    }
    return ++typed->failures < FAILURES_MAXIMUM && !is_gone();
}

static bool take_octet(Stage *stage, Typed *typed, char octet)
{
    if ((guchar)octet < 0x80) {
        typed->count = 0;
        return stage_key(stage, key_of_letter((wint_t)octet));
    }
    typed->octets[typed->count++] = octet;
    gunichar letter = g_utf8_get_char_validated(typed->octets, (gssize)typed->count);
    if (letter == (gunichar)-2 && typed->count < sizeof typed->octets) {
        return true; /* there is more to come */
    }
    typed->count = 0;
    bool is_letter = letter != (gunichar)-1 && letter != (gunichar)-2;
    return !is_letter || stage_key(stage, letter);
}

/* ncurses' own handler of Ctrl-Z draws again what was there, and who sleeps is not told that the
 * window has changed. A change of size is what getch() comes back for. */
static volatile sig_atomic_t is_asked_to_pause;

static void ask_to_pause(int number)
{
    (void)number;
    is_asked_to_pause = 1;
    raise(SIGWINCH);
}

static void pause_until_wanted(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    struct sigaction before;
    is_asked_to_pause = 0;
    endwin();
    sigaction(SIGTSTP, &action, &before);
    raise(SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
    raise(SIGWINCH);
}

/* Waits for one thing that happens; false: the lecturer leaves, or the terminal is gone. */
static bool take_input(Stage *stage, Typed *typed)
{
    timeout(stage_tick_ms(stage));
    int code = getch();
    if (is_asked_to_pause) {
        pause_until_wanted();
        return true;
    }
    if (code == ERR) {
        return take_nothing(stage, typed);
    }
    typed->failures = 0;
    if (code == 12) { /* Ctrl-L */
        clearok(curscr, TRUE);
        return true;
    }
    if (code <= 0xff) {
        return take_octet(stage, typed, (char)code);
    }
    typed->count = 0;
    if (code == KEY_RESIZE) {
        stage_resize(stage, (guint)COLS, (guint)LINES);
        return true;
    }
    if (code == KEY_MOUSE) {
        return take_mouse(stage);
    }
    guint32 key = key_of(code);
    return key == 0 || stage_key(stage, key);
}

/* As ncurses' own handler, which knows no SIGHUP and ends with a status of 1: gives the terminal
 * back, then ends as the signal would have. */
static void leave(int number)
{
    endwin();
    signal(number, SIG_DFL);
    raise(number);
}

static void catch_signal(int number, void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    struct sigaction before;
    sigaction(number, NULL, &before);
    if (before.sa_handler == SIG_DFL) { /* nohup and the like stay in force */
        sigaction(number, &action, NULL);
    }
}

static void catch_signals(void)
{
    catch_signal(SIGINT, leave);
    catch_signal(SIGTERM, leave);
    catch_signal(SIGHUP, leave);
    catch_signal(SIGTSTP, ask_to_pause);
}

bool terminal_run(Stage *stage, GError **error)
{
    setlocale(LC_ALL, "");
    if (MB_CUR_MAX == 1) {
        setlocale(
            LC_CTYPE, "C.UTF-8"
        ); /* lines and arrows need it; every terminal of today has it */
    }
    set_escdelay(50);
    catch_signals();
    SCREEN *screen = newterm(NULL, stdout, stdin);
    if (screen == NULL) {
        g_set_error(
            error,
            G_FILE_ERROR,
            G_FILE_ERROR_FAILED,
            "the terminal '%s' is not known: set TERM, for instance to xterm-256color",
            g_getenv("TERM")
        );
        return false;
    }
    bool has_colour = wants_colour();
    if (has_colour) {
        begin_colours();
    }
    cbreak();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    curs_set(0);
    mousemask(BUTTON1_CLICKED | BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
    mouseinterval(0);
    stage_resize(stage, (guint)COLS, (guint)LINES);
    Typed typed = {0};
    do {
        show(stage, has_colour);
    } while (take_input(stage, &typed));
    endwin();
    delscreen(screen);
    return true;
}
