/*
 * scene.h - the member "page" of a document: what the layout and templates may know of a request.
 */
#ifndef CORE_HTTP_SCENE_H
#define CORE_HTTP_SCENE_H

#include "core/http/view.h"

/* Any thread. */
int32_t rh_scene_describe(struct rh_scene *scene, json_t *document, struct rh_err *err);

#endif
