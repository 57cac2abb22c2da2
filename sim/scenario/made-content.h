#pragma once

/* Attachments that a scenario only names: an image, a text, or octets of no meaning, of the size
 * that is wanted. The same name and size always give the same octets, and an image is one that
 * programs can show. */

#include <glib.h>

#define MADE_CONTENT_USUAL 1500 /* octets, where no size is given */

/* "image/jpeg" for picnic.jpg, "application/octet-stream" for what is unknown. */
const char *made_content_type(const char *file_name);

/* 'size' 0: the usual. An image is never smaller than it can be. */
GBytes *made_content(const char *file_name, guint64 size);
