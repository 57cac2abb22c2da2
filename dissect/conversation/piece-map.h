#pragma once

/* Which frame carried which octets of a direction, for the octets that no event has told of yet.
 * In an ordinary stream that is one piece; a line cut over many segments has more. Past a named
 * maximum the oldest pieces melt into one, so that a held megabyte costs no list of a thousand. */

#include "dissect/conversation/dissector.h"

#define PIECE_MAP_INLINE 3
#define PIECE_MAP_MAXIMUM 4096

typedef struct {
    guint count;
    guint capacity; /* 0: the inline places are in use */

    union {
        DissectPiece few[PIECE_MAP_INLINE];
        DissectPiece *many;
    };
} PieceMap;

void piece_map_clear(PieceMap *map);
void piece_map_add(PieceMap *map, const DissectPiece *piece);

/* The pieces that carried the octets from 'from' to 'to' (one piece where both are equal); those
 * wholly before 'from' are forgotten. At least one piece is given once any was added. */
const DissectPiece *piece_map_find(PieceMap *map, guint64 from, guint64 to, guint *out_count);
