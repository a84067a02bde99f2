// Inline styles in icons of the modeler become attributes while bundling: the page's policy knows no inline style.
// Nothing that concerns the watermark of bpmn.io is touched.
import { readFile } from "node:fs/promises";

const ICONS = /bpmn-js[\\/]lib[\\/]features[\\/](align|distribute)-elements[\\/]\w+Icons\.js$/;

function attributes(style) {
  return style.split(";").filter(Boolean).map((part) => {
    const [name, value] = part.split(":").map((text) => text.trim());
    return `${name}="${value}"`;
  }).join(" ");
}

export const withoutInlineStyles = {
  name: "without-inline-styles",
  setup(build) {
    build.onLoad({ filter: ICONS }, async ({ path }) => {
      const text = await readFile(path, "utf8");
      return { contents: text.replace(/style="([^"]*)"/g, (_, style) => attributes(style)), loader: "js" };
    });
  },
};
