#include "ui/cli/serve-loop.h"

#include <glib-unix.h>
#include <signal.h>

typedef struct {
    GSource source;
    ListenView *view;
    GMainLoop *loop;
    GError *error;
} FlushSource;

static gboolean prepare_flush(GSource *source, gint *timeout_ms)
{
    FlushSource *flush = (FlushSource *)source;
    *timeout_ms = -1;
    if (flush->error == NULL && !listen_view_flush(flush->view, &flush->error)) {
        g_main_loop_quit(flush->loop);
    }
    return FALSE;
}

static gboolean dispatch_flush(GSource *source, GSourceFunc callback, gpointer data)
{
    (void)source;
    (void)callback;
    (void)data;
    return G_SOURCE_CONTINUE;
}

static GSourceFuncs flush_functions = {.prepare = prepare_flush, .dispatch = dispatch_flush};

static gboolean on_signal(gpointer loop)
{
    g_main_loop_quit(loop);
    return G_SOURCE_CONTINUE;
}

bool serve_loop_run(ListenView *view, GError **error)
{
    GMainLoop *loop = g_main_loop_new(NULL, FALSE);
    FlushSource *flush = (FlushSource *)g_source_new(&flush_functions, sizeof(FlushSource));
    flush->view = view;
    flush->loop = loop;
    g_source_attach(&flush->source, NULL);
    guint interrupted = g_unix_signal_add(SIGINT, on_signal, loop);
    guint terminated = g_unix_signal_add(SIGTERM, on_signal, loop);
    g_main_loop_run(loop);
    g_source_remove(interrupted);
    g_source_remove(terminated);
    bool is_good = flush->error == NULL;
    if (!is_good) {
        g_propagate_error(error, flush->error);
    }
    g_source_destroy(&flush->source);
    g_source_unref(&flush->source);
    g_main_loop_unref(loop);
    return is_good;
}
