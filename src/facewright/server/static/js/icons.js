/** Icons: one path each on a 24 pixel square, drawn in the colour of the text. */

import { svg } from "./dom.js";

const PATHS = {
  search: "M11 4a7 7 0 1 0 0 14 7 7 0 0 0 0-14ZM16 16l4.5 4.5",
  close: "M6 6l12 12M18 6L6 18",
  minus: "M6 12h12",
  plus: "M12 6v12M6 12h12",
  check: "M5 12.5l4.5 4.5L19 7.5",
  flag: "M6 21V4h11l-2 4 2 4H6",
  basket: "M4 9h16l-1.6 10H5.6L4 9ZM8.5 9L12 4l3.5 5",
  face: "M12 3c4.5 0 7 3 7 7.5 0 5.5-3.5 10.5-7 10.5S5 16 5 10.5C5 6 7.500 3 12 3ZM9 11h.01M15 11h.01M9.500 15.500c1.600 1.200 3.400 1.200 5 0",
  chart: "M4 20h16M7 20v-7M12 20V5M17 20v-10",
  wand: "M5 19L15 9M14 4v3M12.500 5.500h3M19 8v3M17.500 9.500h3M8 5v2M7 6h2",
  filter: "M4 6h16M7 12h10M10 18h4",
  shuffle:
    "M4 7h3l9 10h4M4 17h3l3-3.300M13.500 9.700L16 7h4M17.500 4.500L20 7l-2.500 2.500M17.500 14.500L20 17l-2.500 2.500",
  pencil: "M5 19l1-4L16 5l3 3L9 18l-4 1Z",
  copy: "M9 9h10v11H9zM5 15V4h10",
  download: "M12 4v11M7.500 11L12 15.500 16.500 11M5 20h14",
  left: "M14.500 5.500L8 12l6.500 6.500",
  right: "M9.500 5.500L16 12l-6.500 6.500",
  light:
    "M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8ZM12 2.500v2M12 19.500v2M2.500 12h2M19.500 12h2M5.300 5.300l1.400 1.400M17.300 17.300l1.400 1.400M18.700 5.300l-1.400 1.400M6.700 17.300l-1.400 1.400",
  dark: "M19.500 14A8 8 0 0 1 10 4.500 8 8 0 1 0 19.500 14Z",
  auto: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16ZM12 4v16M15 5.500v13M18 8v8",
  help: "M9 9.500a3 3 0 1 1 4.500 2.600c-1 .6-1.500 1.200-1.500 2.400M12 17.800h.01M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18Z",
  picture: "M4 5h16v14H4zM4 16l4.500-4.500L12 15l3-3 5 5M15.500 9h.01",
  down: "M5.500 9.500L12 16l6.500-6.500",
};

/** @typedef {keyof typeof PATHS} IconName */

/** An icon that readers of the screen do not read. @param {IconName} name */
export function icon(name) {
  return svg(
    "svg",
    { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true", focusable: "false" },
    svg("path", { d: PATHS[name] }),
  );
}
