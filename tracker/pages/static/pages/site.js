// Optional extras with scripts: a crosshair on charts, and a slider that submits its form.
"use strict";

const MINUS = "\u2212";
// To a tenth: a chart cannot be read more precisely. `mark` is the decimal mark of the page.
const signed = (value, mark) => {
    const text = Math.abs(value).toFixed(1);
    return (text === "0.0" ? "" : value < 0 ? MINUS : "+") + text.replace(".", mark);
};

const numbers = (path) => path.getAttribute("d").match(/-?[\d.]+,-?[\d.]+/g).map((one) => one.split(",").map(Number));

// The line and the ends of its interval, read from the chart, so that no numbers are sent twice.
function linesOf(svg) {
    // The solid part of the line, then the dashed one.
    const paths = [...svg.querySelectorAll(".line_marks path, .line_unreported_marks path")];
    const band = svg.querySelector(".band_marks path"), frame = svg.querySelector(".role-frame path.background");
    if (!paths.length || !frame) return null;
    // The outline of the interval, which a flow lacks, goes there along one end and back along the other.
    const value = paths.flatMap(numbers), outline = band ? numbers(band) : [...value, ...[...value].reverse()];
    const box = frame.getBBox(), half = outline.length / 2;
    return { value, low: outline.slice(0, half), high: outline.slice(half).reverse(), width: box.width, height: box.height, frame };
}

// The height of a line at a place. Between two points the line is straight.
function heightAt(points, x) {
    const found = points.findIndex(([right]) => right >= x - 0.01);
    const after = found < 0 ? points.length - 1 : found;
    const [[left, low], [right, high]] = [points[Math.max(0, after - 1)], points[after]];
    return right === left || x >= right ? high : x <= left ? low : low + ((x - left) / (right - left)) * (high - low);
}

function crosshair(figure) {
    const { from, to, top, says, mark } = figure.dataset;
    const start = Date.parse(from), days = (Date.parse(to) - start) / 864e5, said = figure.querySelector(".said");
    for (const svg of figure.querySelectorAll("svg.plot")) {
        const seen = linesOf(svg);
        if (!seen) continue;
        const low = Number(svg.parentNode.dataset.low);
        const line = document.createElementNS("http://www.w3.org/2000/svg", "line");
        line.setAttribute("class", "crosshair");
        line.setAttribute("y2", seen.height);
        seen.frame.parentNode.append(line);
        let place = days;
        const show = (number) => {
            place = Math.max(0, Math.min(days, Math.round(number)));
            const x = days ? (place / days) * seen.width : 0;
            const day = new Date(start + place * 864e5);
            line.setAttribute("x1", x);
            line.setAttribute("x2", x);
            line.classList.add("on");
            const at = (points) => signed(top - (heightAt(points, x) / seen.height) * (top - low), mark);
            const words = {
                day: day.toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" }),
                value: at(seen.value), low: at(seen.low), high: at(seen.high),
            };
            said.textContent = says.replace(/{(\w+)}/g, (_, name) => words[name]);
        };
        // A screen reader announces steps of the keyboard, and not each movement of the pointer.
        const announce = (how) => said.setAttribute("aria-live", how);
        const follow = (event) => {
            announce("off");
            const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(seen.frame.getScreenCTM().inverse());
            show((point.x / seen.width) * days);
        };
        svg.addEventListener("pointermove", follow);
        // A finger that taps does not move.
        svg.addEventListener("pointerdown", follow);
        svg.parentNode.tabIndex = 0;
        svg.parentNode.addEventListener("focus", () => announce("polite"));
        svg.parentNode.addEventListener("keydown", (event) => {
            const next = { ArrowLeft: place - 1, ArrowRight: place + 1, PageUp: place - 30, PageDown: place + 30, Home: 0, End: days }[event.key];
            if (next !== undefined && event.target === svg.parentNode) { event.preventDefault(); announce("polite"); show(next); }
        });
    }
}

// A slider released just after a position with a change snaps to that position. It sends when a hand
// lets go of it; keyboard users press the button, because a single step may not be the final place.
function slider(form) {
    const range = form.querySelector("input[type=range]"), output = form.querySelector("output");
    const options = [...form.querySelectorAll("datalist option")];
    const stops = options.map((one) => Number(one.value));
    const near = Math.max(1, (range.max - range.min) / 60);
    // The day of the latest change up to there.
    const say = () => {
        const latest = Math.max(...stops.filter((one) => one <= range.value));
        const day = options.find((one) => Number(one.value) === latest)?.label ?? "\u2013";
        output.textContent = day;
        range.setAttribute("aria-valuetext", day);
    };
    form.querySelector("[hidden]").hidden = false;
    range.addEventListener("input", say);
    let dragged = false;
    range.addEventListener("pointerdown", () => { dragged = true; });
    range.addEventListener("keydown", () => { dragged = false; });
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

document.querySelectorAll("figure[data-from]").forEach(crosshair);
document.querySelectorAll("form.slider").forEach(slider);
