/*
 * picture.c - the drawn diagram: a row for each depth of "needs", a box for each step, an arrow for
 * each need. No style sheet and no script: attributes alone, so that it can stand in a page with a
 * strict policy or in a file of its own.
 */
#include "core/process/internal.h"

#include "core/base/text.h"

#include <string.h>

#define BOX_WIDTH  260
#define BOX_HEIGHT 78
#define GAP_X      24
#define GAP_Y      46
#define MARGIN     16
#define LINE_MAX   34 /* columns of a title line, … */
#define DUE_MAX    42 /* … and of the line that says when */

struct drawing {
    const struct rh_process_definition *d;
    enum rh_lang lang;
    struct rh_str *out;
    int32_t row[RH_PROCESS_STEPS_MAX], column[RH_PROCESS_STEPS_MAX];
    int32_t rows, columns;
};

static const char *text(const struct drawing *g, struct rh_text both)
{
    return g->lang == RH_DE ? both.de : both.en;
}

static void escape(struct rh_str *out, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        switch (bytes[i]) {
        case '<':
            rh_str_add(out, "&lt;");
            break;
        case '>':
            rh_str_add(out, "&gt;");
            break;
        case '&':
            rh_str_add(out, "&amp;");
            break;
        case '"':
            rh_str_add(out, "&quot;");
            break;
        case '\'':
            rh_str_add(out, "&#39;");
            break;
        default:
            rh_str_add_char(out, bytes[i]);
        }
    }
}

static void lay_out(struct drawing *g)
{
    int32_t used[RH_PROCESS_STEPS_MAX + 1] = {0};
    bool moved = true;

    while (moved) { /* longest way from the start; free of cycles, so it ends */
        moved = false;
        for (size_t i = 0; i < g->d->step_count; i++)
            for (uint64_t needs = g->d->steps[i].needs; needs; needs &= needs - 1) {
                int32_t below = g->row[__builtin_ctzll(needs)] + 1;

                moved = moved || below > g->row[i];
                g->row[i] = below > g->row[i] ? below : g->row[i];
            }
    }
    for (size_t i = 0; i < g->d->step_count; i++) {
        g->column[i] = used[g->row[i]]++;
        g->rows = g->row[i] + 1 > g->rows ? g->row[i] + 1 : g->rows;
        g->columns = used[g->row[i]] > g->columns ? used[g->row[i]] : g->columns;
    }
}

static int32_t left_of(const struct drawing *g, size_t i)
{
    return MARGIN + g->column[i] * (BOX_WIDTH + GAP_X);
}

static int32_t top_of(const struct drawing *g, size_t i)
{
    return MARGIN + 30 + g->row[i] * (BOX_HEIGHT + GAP_Y);
}

#define ARROW                                                                                      \
    " fill=\"none\" stroke=\"#5a6472\" stroke-width=\"1.5\" marker-end=\"url(#arrow)\"/>\n"

/* From the foot of one box to the head of another; past rows in between beside the boxes. */
static void draw_arrow(const struct drawing *g, size_t need, size_t i)
{
    int32_t from_x = left_of(g, need) + BOX_WIDTH / 2, from_y = top_of(g, need) + BOX_HEIGHT;
    int32_t x = left_of(g, i) + BOX_WIDTH / 2, y = top_of(g, i), half = GAP_Y / 2;
    int32_t aisle = left_of(g, need) + BOX_WIDTH + GAP_X / 2;

    if (g->row[i] == g->row[need] + 1)
        rh_str_printf(g->out, "<path d=\"M%d %d C%d %d %d %d %d %d\"" ARROW, from_x, from_y, from_x,
                      from_y + half, x, y - half, x, y - 2);
    else
        rh_str_printf(g->out,
                      "<path d=\"M%d %d C%d %d %d %d %d %d L%d %d C%d %d %d %d %d %d\"" ARROW,
                      from_x, from_y, from_x, from_y + half, aisle, from_y, aisle, from_y + GAP_Y,
                      aisle, y - GAP_Y, aisle, y - half, x, y - half, x, y - 2);
}

static void draw_needs(const struct drawing *g, size_t i)
{
    for (uint64_t needs = g->d->steps[i].needs; needs; needs &= needs - 1)
        draw_arrow(g, (size_t)__builtin_ctzll(needs), i);
}

static void put_line(const struct drawing *g, int32_t x, int32_t y, const char *size,
                     const char *words, size_t length)
{
    rh_str_printf(g->out, "<text x=\"%d\" y=\"%d\" %s>", x, y, size);
    escape(g->out, words, length);
    rh_str_add(g->out, "</text>\n");
}

/* A title on one line or two, cut at a blank when it can. */
static void draw_title(const struct drawing *g, size_t i, int32_t x, int32_t y)
{
    static const char *const bold = "font-size=\"13\" font-weight=\"600\"";
    const char *title = text(g, g->d->steps[i].title);
    size_t length = strlen(title), cut = rh_text_cut_width(title, length, LINE_MAX), second;

    if (cut < length) {
        size_t blank = cut;

        while (blank > 0 && title[blank] != ' ')
            blank--;
        cut = blank > 0 ? blank : cut;
    }
    put_line(g, x, y, bold, title, cut);
    if (cut == length)
        return;
    title += cut + (title[cut] == ' ');
    length = strlen(title);
    second = rh_text_cut_width(title, length, LINE_MAX);
    if (second < length) {
        rh_auto_str(shortened, 1024);

        rh_text_fit(&shortened, title, length, LINE_MAX, false);
        put_line(g, x, y + 16, bold, shortened.data, shortened.length);
    } else {
        put_line(g, x, y + 16, bold, title, length);
    }
}

static void draw_step(const struct drawing *g, size_t i)
{
    static const char *const fills[RH_PROCESS_FORM_COUNT] = {
        [RH_PROCESS_DEADLINE] = "#ffffff",
        [RH_PROCESS_APPOINTMENT] = "#e8f0fb",
        [RH_PROCESS_WINDOW] = "#f3efe2",
        [RH_PROCESS_RECEIPTS] = "#eaf5ea",
    };
    const struct rh_process_step *step = &g->d->steps[i];
    int32_t x = left_of(g, i), y = top_of(g, i);
    rh_auto_str(words, 4096);
    rh_auto_str(fitted, 4096);

    rh_str_add(g->out, "<g><title>");
    escape(g->out, text(g, step->title), strlen(text(g, step->title)));
    rh_str_printf(g->out,
                  "</title>\n<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"6\" "
                  "fill=\"%s\" stroke=\"#33404f\"%s/>\n",
                  x, y, BOX_WIDTH, BOX_HEIGHT, fills[step->form],
                  step->when != RH_PROCESS_ALWAYS || step->optional ? " stroke-dasharray=\"5 3\""
                                                                    : "");
    draw_title(g, i, x + 10, y + 20);
    rh_str_printf(&words, "%s · %s", text(g, rh_process_role_title(step->who)),
                  text(g, rh_process_form_title(step->form)));
    put_line(g, x + 10, y + 53, "font-size=\"11\"", words.data, words.length);
    rh_str_reset(&words);
    rh_process_offset_words(g->d, &step->due, g->lang, &words);
    rh_text_fit(&fitted, words.data, words.length, DUE_MAX, false);
    put_line(g, x + 10, y + 69, "font-size=\"11\"", fitted.data, fitted.length);
    rh_str_add(g->out, "</g>\n");
}

void rh_process_picture(const struct rh_process_definition *definition, enum rh_lang lang,
                        struct rh_str *out)
{
    struct drawing g = {.d = definition, .lang = lang, .out = out};
    int32_t width, height;

    lay_out(&g);
    width = 2 * MARGIN + g.columns * (BOX_WIDTH + GAP_X) - GAP_X;
    height = 2 * MARGIN + 30 + g.rows * (BOX_HEIGHT + GAP_Y) - GAP_Y;
    rh_str_printf(out,
                  "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" "
                  "height=\"%d\" role=\"img\" lang=\"%s\" aria-labelledby=\"process-title "
                  "process-desc\" font-family=\"sans-serif\" fill=\"#1b2530\">\n"
                  "<title id=\"process-title\">",
                  width, height, width, height, lang == RH_DE ? "de" : "en");
    escape(out, text(&g, definition->title), strlen(text(&g, definition->title)));
    rh_str_add(out, "</title>\n<desc id=\"process-desc\">");
    rh_str_printf(out,
                  lang == RH_DE
                      ? "%zu Schritte von oben nach unten; ein Pfeil führt von dem, was "
                        "vorher getan sein muss"
                      : "%zu steps from top to bottom; an arrow leads from what has to be "
                        "done before",
                  definition->step_count);
    rh_str_add(out,
               "</desc>\n<defs><marker id=\"arrow\" viewBox=\"0 0 8 8\" refX=\"7\" refY=\"4\" "
               "markerWidth=\"7\" markerHeight=\"7\" orient=\"auto\"><path d=\"M0 0 L8 4 L0 8 z\" "
               "fill=\"#5a6472\"/></marker></defs>\n");
    put_line(&g, MARGIN, MARGIN + 12, "font-size=\"16\" font-weight=\"600\"",
             text(&g, definition->title), strlen(text(&g, definition->title)));
    for (size_t i = 0; i < definition->step_count; i++)
        draw_needs(&g, i);
    for (size_t i = 0; i < definition->step_count; i++)
        draw_step(&g, i);
    rh_str_add(out, "</svg>\n");
}
