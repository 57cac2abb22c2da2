#include "ui/terminal/terminal-colours.h"

#include <curses.h>
#include <stddef.h>
#include <term.h>

int terminal_colours(const char *name, int handle)
{
    int status = 0;
    if (name == NULL || setupterm(name, handle, &status) != OK) {
        return -1;
    }
    int colours = tigetnum("colors");
    del_curterm(cur_term);
    return colours > 0 ? colours : 0;
}
