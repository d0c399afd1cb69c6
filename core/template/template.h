/*
 * template.h - pages and mails from templates: a subset of mustache that cannot forget to escape.
 *
 * A set of templates is compiled once, partials resolved, and then never changes: any number of
 * threads may render from it. What a template can say:
 *
 *     {{name}} {{a.b}} {{.}}       a value, always escaped in HTML; there is no other form
 *     {{#x}}…{{/x}} {{^x}}…{{/x}}  for each item of x / inside x / if x; and if not x
 *     {{:Deutsch|English}}         a text of ours, in the reader's language; \| is a '|' in it
 *     {{> part}}                   another template of the set, in the same context
 *     {{! comment }}
 *     @first @last                 in a loop: is it the first, the last item?
 *     @index @number               in a loop: counted from 0, from 1
 *     @de @en @lang                is the reader's language German, English; its code
 *
 * Not so: missing, null, false, 0, "", []. Names are looked up from the inner context outwards.
 * Tags that stand alone in their line take the line with them; the indentation of such a partial
 * indents its lines.
 *
 * HTML templates are held to places where the escaping is right: a value may stand in text and in a
 * quoted attribute, not elsewhere in a tag, nor in <script> or <style>; anything else is refused
 * when compiled. What the escaping cannot judge is the scheme of an address: href="{{url}}" is for
 * addresses that we made.
 */
#ifndef CORE_TEMPLATE_TEMPLATE_H
#define CORE_TEMPLATE_TEMPLATE_H

#include "core/base/error.h"
#include "core/base/json.h"
#include "core/base/str.h"

#define RH_TEMPLATE_SOURCE_MAX  (256 * 1024) /* bytes of one template */
#define RH_TEMPLATE_DEPTH_MAX   32           /* sections inside one another */
#define RH_TEMPLATE_PARTIAL_MAX 16           /* partials inside one another, while rendering */
#define RH_TEMPLATE_STEPS_MAX                                                                      \
    2000000 /* pieces of one result; ends a template that calls itself                             \
             */

enum rh_template_mode {
    RH_TEMPLATE_HTML, /* & < > " ' are escaped */
    RH_TEMPLATE_TEXT, /* mail: nothing is */
};

struct rh_template_source {
    const char *name; /* of letters, digits and - _ . / */
    const char *text;
    size_t length;
    enum rh_template_mode mode;
};

struct rh_template;
struct rh_templates;

/*
 * Compiles a set; the sources are copied. `base` (may be NULL) is a set that partials are also
 * looked up in, and has to live longer. A partial must have the mode of its caller. RH_EINVALID
 * with "Vorlage 'plan', Zeile 3, Spalte 7: …".
 */
int32_t rh_templates_new(const struct rh_template_source *sources, size_t count,
                         const struct rh_templates *base, struct rh_templates **ret,
                         struct rh_err *err);
struct rh_templates *rh_templates_free(struct rh_templates *set); /* NULL is fine; returns NULL */

/* NULL when neither the set nor its base has it. Lives as long as its set. */
const struct rh_template *rh_template_find(const struct rh_templates *set, const char *name);

/*
 * Appends the result. `document` (borrowed; NULL is an empty one) belongs to the calling thread.
 * `strict`: a value that the document does not have is an error that names it, template and line,
 * instead of nothing; tests use it to find typing errors. On an error nothing is appended.
 */
int32_t rh_template_render(const struct rh_template *template, const json_t *document,
                           enum rh_lang lang, bool strict, struct rh_str *out, struct rh_err *err);

/* Has the sample every name that the template could ask for, also inside sections that it would not
 * show? RH_EINVALID names the first that is missing, with template and line. Lists in the sample
 * need an item. */
int32_t rh_template_check(const struct rh_template *template, const json_t *sample,
                          struct rh_err *err);

/* The escaping itself: & < > " ' as entities. */
void rh_template_escape(const char *text, size_t length, struct rh_str *out);

#endif
