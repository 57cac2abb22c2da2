/* Hosts side by side, time runs down, an arrow for each line that was said. The last row is the
 * present step; what is to come is only counted. */

#include "ui/terminal/stage-private.h"

#include "ui/report/ladder.h"
#include "ui/report/text-layout.h"

#include <string.h>

#define NUMBER_END 6  /* columns of mark and number */
#define FIRST_LANE 10 /* from the left of the area */
#define LANE_MARGIN 9 /* right of the last lane */
#define LEAST_BETWEEN 26
#define LANES_MAXIMUM 12
#define ROOM_OF_ARROW 6 /* columns between two lanes that are not the label's */
#define LOOK_BACK 2000  /* steps */

typedef struct {
    CellGrid *grid;
    CellArea area;
    const char *hosts[LANES_MAXIMUM];
    guint count;
    guint between;
} Lanes;

static gint lane_of(const Lanes *lanes, const char *host)
{
    for (guint i = 0; i < lanes->count; i++) {
        if (g_strcmp0(lanes->hosts[i], host) == 0) {
            return (gint)i;
        }
    }
    return -1;
}

static guint lane_x(const Lanes *lanes, guint lane)
{
    return lanes->area.x + FIRST_LANE + lane * lanes->between;
}

guint view_ladder_first(const Stage *stage, guint height)
{
    guint rows = height > 2 ? height - 2 : 1; /* names of the hosts, and what is to come */
    return stage->position + 1 > rows ? stage->position + 1 - rows : 0;
}

static bool has_ends(const Step *step)
{
    return step->kind != STEP_CHAPTER && step->kind != STEP_WORLD && step->from != NULL &&
           step->to != NULL && step->from[0] != '\0' && step->to[0] != '\0' &&
           strcmp(step->from, step->to) != 0;
}

static void add_host(Lanes *lanes, guint most, const char *host)
{
    if (lanes->count < most && lane_of(lanes, host) < 0) {
        lanes->hosts[lanes->count++] = host;
    }
}

/* Look-ups and conversations have lanes of their own: while a conversation goes on, the servers
 * that were asked for names before it need none. */
static bool is_of_conversation(const Stage *stage)
{
    for (guint i = stage->position + 1; i > 0; i--) {
        const Step *step = stage_step_at(stage, i - 1);
        if (has_ends(step) && step->kind != STEP_CLOSED) {
            return step->has_stream;
        }
    }
    return true;
}

/* A look-up goes from one server to the next. Those who wait for its end keep their lanes, so that
 * only the lane of the server that is asked changes. */
static void add_askers(const Stage *stage, Lanes *lanes, guint first, guint most)
{
    const char *asked = NULL;
    for (guint i = stage->position + 1; i > first; i--) {
        const Step *step = stage_step_at(stage, i - 1);
        if (!has_ends(step) || step->has_stream) {
            continue;
        }
        const char *client = step->is_from_server ? step->to : step->from;
        const char *server = step->is_from_server ? step->from : step->to;
        if (asked == NULL) {
            add_host(lanes, most, server);
            add_host(lanes, most, client);
            asked = client;
        } else if (strcmp(server, asked) == 0) {
            add_host(lanes, most, client);
            asked = client;
        }
    }
}

/* --- which hosts, and in which order --- */

static bool is_between(const Lanes *lanes, const Step *step, gint *out_client, gint *out_server)
{
    if (!has_ends(step)) {
        return false;
    }
    *out_client = lane_of(lanes, step->is_from_server ? step->to : step->from);
    *out_server = lane_of(lanes, step->is_from_server ? step->from : step->to);
    return *out_client >= 0 && *out_server >= 0;
}

/* Who is whose client, as it was last, and who spoke first: looked for further back than the steps
 * that are shown, so that a lane keeps its side while one steps on. */
typedef struct {
    bool comes_before[LANES_MAXIMUM][LANES_MAXIMUM];
    guint seen[LANES_MAXIMUM]; /* the earliest position at which it spoke */
    bool is_placed[LANES_MAXIMUM];
} LaneOrder;

static void find_order(const Stage *stage, const Lanes *lanes, bool is_stream, LaneOrder *order)
{
    guint least = stage->position > LOOK_BACK ? stage->position - LOOK_BACK : 0;
    *order = (LaneOrder){0};
    for (guint i = stage->position + 1; i > least; i--) {
        const Step *step = stage_step_at(stage, i - 1);
        gint client, server;
        if (step->has_stream != is_stream || !is_between(lanes, step, &client, &server)) {
            continue;
        }
        if (!order->comes_before[server][client]) {
            order->comes_before[client][server] = true;
        }
        order->seen[client] = 2 * (i - 1);
        order->seen[server] = 2 * (i - 1) + 1;
    }
}

static bool must_wait(const LaneOrder *order, guint count, guint host)
{
    for (guint i = 0; i < count; i++) {
        if (!order->is_placed[i] && order->comes_before[i][host]) {
            return true;
        }
    }
    return false;
}

/* The host for the next lane: one that nobody without a lane is a client of, the earliest of them;
 * where all wait for one another, simply the earliest. */
static guint next_host(const LaneOrder *order, guint count)
{
    guint best = count;
    guint earliest = count;
    for (guint i = 0; i < count; i++) {
        if (order->is_placed[i]) {
            continue;
        }
        if (earliest == count || order->seen[i] < order->seen[earliest]) {
            earliest = i;
        }
        if (!must_wait(order, count, i) && (best == count || order->seen[i] < order->seen[best])) {
            best = i;
        }
    }
    return best < count ? best : earliest;
}

/* The hosts that spoke last, as many as there is room for: clients left of their servers. */
static void choose_hosts(const Stage *stage, Lanes *lanes, guint first)
{
    bool is_conversation = is_of_conversation(stage);
    guint most = 1;
    if (lanes->area.width > FIRST_LANE + LANE_MARGIN) {
        most += (lanes->area.width - FIRST_LANE - LANE_MARGIN) / LEAST_BETWEEN;
    }
    most = CLAMP(most, 2, LANES_MAXIMUM);
    if (!is_conversation) {
        add_askers(stage, lanes, first, most);
    }
    for (guint i = stage->position + 1; i > first; i--) {
        const Step *step = stage_step_at(stage, i - 1);
        bool has_room = lanes->count + 2 <= most || lane_of(lanes, step->from) >= 0 ||
                        lane_of(lanes, step->to) >= 0;
        if (has_ends(step) && has_room && step->has_stream == is_conversation) {
            add_host(lanes, most, step->from);
            add_host(lanes, most, step->to);
        }
    }
    LaneOrder order;
    const char *hosts[LANES_MAXIMUM];
    find_order(stage, lanes, is_conversation, &order);
    for (guint i = 0; i < lanes->count; i++) {
        guint host = next_host(&order, lanes->count);
        order.is_placed[host] = true;
        hosts[i] = lanes->hosts[host];
    }
    memcpy(lanes->hosts, hosts, lanes->count * sizeof hosts[0]);
    guint room = lanes->area.width - MIN(lanes->area.width, FIRST_LANE + LANE_MARGIN);
    lanes->between = lanes->count > 1 ? room / (lanes->count - 1) : room;
}

/* --- drawing --- */

static void draw_names(const Lanes *lanes)
{
    guint least = lanes->area.x;
    for (guint i = 0; i < lanes->count; i++) {
        guint width = text_width(lanes->hosts[i]);
        guint middle = lane_x(lanes, i);
        guint last = lanes->area.x + lanes->area.width;
        guint x = middle > width / 2 ? middle - width / 2 : 0;
        guint end = i + 1 < lanes->count ? lane_x(lanes, i + 1) - 2 : last;
        x = MAX(x, least);
        if (i + 1 == lanes->count && x + width > last) {
            x = last > width ? last - width : least;
        }
        x = MAX(x, least);
        least = cell_grid_text(
                    lanes->grid, x, lanes->area.y, MAX(end, x + 1), CELL_LABEL, lanes->hosts[i]
                ) +
                1;
    }
}

static void draw_lanes(const Lanes *lanes, guint y)
{
    for (guint i = 0; i < lanes->count; i++) {
        cell_grid_put(lanes->grid, lane_x(lanes, i), y, CELL_QUIET, 0x2502);
    }
}

static CellStyle style_of(const Step *step, bool is_present)
{
    if (is_present) {
        return CELL_PROTOCOL;
    }
    return step->kind == STEP_GAP || step->kind == STEP_OVERLAP ? CELL_WARNING : CELL_PLAIN;
}

/* "├─ EHLO alice ────▶│", "│◀─ 250 ... ─────┤" */
static void
draw_arrow(const Lanes *lanes, guint y, guint from, guint to, CellStyle style, const char *label)
{
    CellGrid *grid = lanes->grid;
    bool goes_right = from < to;
    guint left = lane_x(lanes, MIN(from, to));
    guint right = lane_x(lanes, MAX(from, to));
    cell_grid_line(grid, left + 1, y, right - left - 1, CELL_QUIET, 0x2500);
    cell_grid_put(grid, goes_right ? left : right, y, CELL_QUIET, goes_right ? 0x251c : 0x2524);
    cell_grid_put(grid, goes_right ? right - 1 : left + 1, y, style, goes_right ? 0x25b6 : 0x25c0);
    guint start = left + (goes_right ? 2 : 3);
    guint end = right - (goes_right ? 2 : 1);
    if (label[0] != '\0' && end > start + 2) {
        cell_grid_put(grid, start, y, style, ' ');
        guint behind = cell_grid_text(grid, start + 1, y, end - 1, style, label);
        cell_grid_put(grid, behind, y, style, ' ');
    }
}

static bool fits(const Lanes *lanes, guint from, guint to, const char *label)
{
    guint room = lane_x(lanes, MAX(from, to)) - lane_x(lanes, MIN(from, to));
    return text_width(label) + ROOM_OF_ARROW <= room;
}

static void draw_number(const Lanes *lanes, const Step *step, guint y, bool is_present)
{
    g_autofree char *number = step->number == 0
                                  ? g_strdup_printf("#%s", step->title)
                                  : g_strdup_printf("%" G_GUINT64_FORMAT, step->number);
    guint width = text_width(number);
    guint end = lanes->area.x + NUMBER_END;
    cell_grid_text(
        lanes->grid,
        end - MIN(width, NUMBER_END - 1),
        y,
        end,
        is_present ? CELL_HEADING : CELL_QUIET,
        number
    );
    if (is_present) {
        cell_grid_put(lanes->grid, lanes->area.x, y, CELL_HEADING, 0x25b6);
    }
}

static void draw_step(const Lanes *lanes, const Step *step, guint y, bool is_present)
{
    guint x = lanes->area.x + FIRST_LANE - 2;
    guint end = lanes->area.x + lanes->area.width;
    CellStyle style = style_of(step, is_present);
    g_autofree char *label = ladder_label(step);
    if (step->kind == STEP_CHAPTER) {
        cell_grid_line(lanes->grid, x, y, end - x, CELL_QUIET, 0x2500);
        g_autofree char *title = g_strdup_printf(" %s ", step->title);
        cell_grid_text(lanes->grid, x + 2, y, end - 2, CELL_HEADING, title);
    } else if (step->kind == STEP_WORLD || !has_ends(step)) {
        g_autofree char *text = g_strdup_printf("▸ %s", label);
        bool is_what_if = g_strcmp0(step->title, "scenario") == 0;
        cell_grid_text(lanes->grid, x, y, end, is_what_if ? CELL_WARNING : CELL_GOOD, text);
    } else {
        gint from = lane_of(lanes, step->from);
        gint to = lane_of(lanes, step->to);
        if (from < 0 || to < 0) {
            g_autofree char *text = g_strdup_printf("%s ▷ %s: %s", step->from, step->to, label);
            cell_grid_text(lanes->grid, x, y, end, style, text);
        } else if (ladder_has_arrow(step)) {
            bool is_short = step->kind == STEP_DNS_QUESTION && step->title != NULL &&
                            !fits(lanes, (guint)from, (guint)to, label);
            draw_lanes(lanes, y);
            draw_arrow(lanes, y, (guint)from, (guint)to, style, is_short ? step->title : label);
        } else {
            draw_lanes(lanes, y);
            guint left = lane_x(lanes, (guint)MIN(from, to));
            guint right = lane_x(lanes, (guint)MAX(from, to));
            cell_grid_text(lanes->grid, left + 2, y, right - 1, style, label);
        }
    }
    draw_number(lanes, step, y, is_present);
}

/* A question to the class stands where the reply will be. */
static void draw_guess(const Stage *stage, const Lanes *lanes, guint y)
{
    const Step *next = stage_step_at(stage, stage->position + 1);
    gint from = lane_of(lanes, next->from);
    gint to = lane_of(lanes, next->to);
    draw_lanes(lanes, y);
    if (from >= 0 && to >= 0) {
        draw_arrow(lanes, y, (guint)from, (guint)to, CELL_WARNING, "?");
    }
}

void view_ladder(const Stage *stage, CellGrid *grid, CellArea area)
{
    Lanes lanes = {.grid = grid, .area = area};
    guint first = view_ladder_first(stage, area.height);
    guint y = area.y + 1;
    if (stage_count(stage) == 0) {
        cell_grid_text(grid, area.x + 1, y, area.x + area.width, CELL_PLAIN, "There is no step.");
        return;
    }
    choose_hosts(stage, &lanes, first);
    draw_names(&lanes);
    for (guint i = first; i <= stage->position; i++, y++) {
        draw_step(&lanes, stage_step_at(stage, i), y, i == stage->position);
    }
    guint to_come = stage_count(stage) - stage->position - 1;
    if (stage->mode == STAGE_MODE_PREDICT && to_come > 0) {
        draw_guess(stage, &lanes, y);
    } else if (to_come > 0) {
        g_autofree char *text = g_strdup_printf("┊ %u to come", to_come);
        cell_grid_text(grid, area.x + FIRST_LANE, y, area.x + area.width, CELL_QUIET, text);
    }
}
