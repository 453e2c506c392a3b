// Optional extras with scripts: a crosshair on charts, and a slider that submits its form.
"use strict";

const MINUS = "\u2212";
// To a tenth: a chart cannot be read more precisely.
const signed = (value) => {
    const text = Math.abs(value).toFixed(1);
    return (text === "0.0" ? "" : value < 0 ? MINUS : "+") + text;
};

// The points of the line, read from the chart, so that no numbers are sent twice.
function pointsOf(svg) {
    // The solid part of the line, then the dashed one.
    const paths = [...svg.querySelectorAll(".line_marks path, .line_unreported_marks path")];
    const frame = svg.querySelector(".role-frame path.background");
    if (!paths.length || !frame) return null;
    const points = paths.flatMap((path) => path.getAttribute("d").match(/-?[\d.]+,-?[\d.]+/g)).map((one) => one.split(",").map(Number));
    const box = frame.getBBox();
    return { points, width: box.width, height: box.height, frame };
}

function crosshair(figure) {
    const { from, to, top } = figure.dataset;
    const start = Date.parse(from), days = (Date.parse(to) - start) / 864e5, reach = Number(top);
    const said = document.createElement("p");
    said.className = "said";
    said.setAttribute("aria-live", "polite");
    figure.append(said);
    for (const svg of figure.querySelectorAll("svg.plot")) {
        const seen = pointsOf(svg);
        if (!seen) continue;
        const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
        line.setAttribute("class", "crosshair");
        line.setAttribute("y2", seen.height);
        seen.frame.parentNode.append(line);
        let place = days;
        // Between two points the line is straight.
        const at = (x) => {
            const after = Math.max(1, seen.points.findIndex(([right]) => right >= x - 0.01));
            const [[left, low], [right, high]] = [seen.points[after - 1], seen.points[after] ?? seen.points[after - 1]];
            return right === left ? low : low + ((x - left) / (right - left)) * (high - low);
        };
        const show = (number) => {
            place = Math.max(0, Math.min(days, Math.round(number)));
            const x = days ? (place / days) * seen.width : 0;
            const day = new Date(start + place * 864e5);
            line.setAttribute("x1", x);
            line.setAttribute("x2", x);
            line.classList.add("on");
            said.textContent = day.toLocaleDateString("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }) + ": " + signed(reach - (at(x) / seen.height) * 2 * reach);
        };
        svg.addEventListener("pointermove", (event) => {
            const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(seen.frame.getScreenCTM().inverse());
            show((point.x / seen.width) * days);
        });
        svg.parentNode.tabIndex = 0;
        svg.parentNode.addEventListener("keydown", (event) => {
            const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
            if (step && event.target === svg.parentNode) { event.preventDefault(); show(place + step); }
        });
    }
}

// A slider released just after a position with a change snaps to that position.
function slider(form) {
    const range = form.querySelector("input[type=range]"), output = form.querySelector("output");
    const stops = [...form.querySelectorAll("datalist option")].map((one) => Number(one.value));
    const labels = Object.fromEntries([...form.querySelectorAll("datalist option")].map((one) => [one.value, one.label]));
    const near = Math.max(1, (range.max - range.min) / 60);
    const say = () => { output.textContent = (labels[range.value] ? labels[range.value] + ", " : "") + "position " + range.value; };
    form.querySelector("[hidden]").hidden = false;
    // Keyboard users press the button, because a single step may not be the final position.
    let dragged = false;
    range.addEventListener("pointerdown", () => { dragged = true; });
    range.addEventListener("keydown", () => { dragged = false; });
    range.addEventListener("input", say);
    range.addEventListener("change", () => {
        if (!dragged) return;
        const stop = stops.find((one) => one <= range.value && range.value - one <= near);
        if (stop !== undefined && range.value !== range.max) range.value = stop;
        say();
        const day = form.querySelector("input[name=day]");
        if (day && !day.value) day.disabled = true;
        if (range.value === range.max) range.disabled = true;
        form.requestSubmit();
    });
}

// A slider through the months of a list. It sends the form when it is let go.
function months(form) {
    const range = form.querySelector("input[type=range]"), list = form.querySelector("select[name=day]");
    const said = () => list.options[range.value].text;
    range.value = list.selectedIndex;
    range.setAttribute("aria-valuetext", said());
    range.parentNode.hidden = false;
    range.addEventListener("input", () => { list.selectedIndex = range.value; range.setAttribute("aria-valuetext", said()); });
    range.addEventListener("change", () => form.requestSubmit());
    list.addEventListener("change", () => { range.value = list.selectedIndex; });
}

document.querySelectorAll("figure[data-from]").forEach(crosshair);
document.querySelectorAll("form.slider").forEach(slider);
document.querySelectorAll("form.months").forEach(months);
