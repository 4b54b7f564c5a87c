/** A picture of several people with a button on each face. */

import { h } from "./dom.js";

/**
 * @param {File} file
 * @param {{face: number, x: number, y: number, width: number, height: number}[]} faces boxes in its pixels
 * @param {(face: number) => void} take
 */
export function whichFace(file, faces, take) {
  const image = h("img", { src: URL.createObjectURL(file), alt: "" });
  const place = h("div", { class: "which" }, image);
  image.addEventListener("load", () => {
    const [wide, tall] = [image.naturalWidth / 100, image.naturalHeight / 100];
    for (const { face, x, y, width, height } of faces) {
      place.append(
        h("button", {
          type: "button",
          "aria-label": `Face ${face}`,
          on: { click: () => take(face) },
          vars: {
            "--left": `${x / wide}%`,
            "--upper": `${y / tall}%`,
            "--wide": `${width / wide}%`,
            "--tall": `${height / tall}%`,
          },
        }),
      );
    }
    URL.revokeObjectURL(image.src);
  });
  return place;
}
