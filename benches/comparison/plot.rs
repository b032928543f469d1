//! Plots, as SVG beside the document. Scales are logarithmic, so that what is a hundred times apart is still seen.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

use super::process::root;
use super::run::digits;

const SIZE: (u32, u32) = (860, 420);
const COLORS: [RGBColor; 4] =
    [RGBColor(31, 119, 180), RGBColor(255, 127, 14), RGBColor(127, 127, 127), RGBColor(44, 160, 44)];

/// Bars in groups.
pub struct Bars<'b> {
    pub file: &'b str,
    pub title: &'b str,
    pub axis: &'b str,
    /// What the bars of each group are.
    pub names: &'b [&'b str],
    pub groups: &'b [Group<'b>],
}

/// A value for each name.
pub struct Group<'b> {
    pub name: &'b str,
    pub values: Vec<f64>,
}

/// Lines over a common axis.
pub struct Lines<'l> {
    pub file: &'l str,
    pub title: &'l str,
    pub axes: [&'l str; 2],
    pub lines: &'l [Line],
}

#[derive(Clone)]
pub struct Line {
    pub name: String,
    pub points: Vec<(f64, f64)>,
}

/// A scale that holds all of these values, with room for what is written beside them.
fn scale(values: impl Iterator<Item = f64> + Clone) -> std::ops::Range<f64> {
    values.clone().fold(f64::INFINITY, f64::min) / 2.0..values.fold(0.0, f64::max) * 3.0
}

fn text(size: u32) -> TextStyle<'static> {
    ("sans-serif", size).into_text_style(&SIZE)
}

impl Bars<'_> {
    pub fn draw(&self) {
        let path = root().join("docs/performance").join(self.file);
        let area = SVGBackend::new(&path, SIZE).into_drawing_area();
        area.fill(&WHITE).unwrap();
        // A group takes as many places as it has bars, and one to stand apart.
        let width = self.names.len() + 1;
        let places = f64::from(u32::try_from(width * self.groups.len()).unwrap());
        let scale = scale(self.groups.iter().flat_map(|group| group.values.iter().copied()));
        let bottom = scale.start;
        let mut chart = ChartBuilder::on(&area)
            .caption(self.title, text(20))
            .margin(10)
            .x_label_area_size(30)
            .y_label_area_size(70)
            .build_cartesian_2d(0.0..places, scale.log_scale())
            .unwrap();
        let mesh = &mut chart.configure_mesh();
        mesh.disable_x_mesh().x_labels(0).y_desc(self.axis).label_style(text(13)).draw().unwrap();
        let centred = text(13).pos(Pos::new(HPos::Center, VPos::Bottom));
        for (number, name) in self.names.iter().enumerate() {
            let color = COLORS[number];
            let bar = |(place, group): (usize, &Group<'_>)| {
                let left = f64::from(u32::try_from(place * width + number).unwrap()) + 0.5;
                Rectangle::new([(left + 0.05, bottom), (left + 0.95, group.values[number])], color.filled())
            };
            let series = chart.draw_series(self.groups.iter().enumerate().map(bar)).unwrap();
            series.label(*name).legend(move |(x, y)| Rectangle::new([(x, y - 5), (x + 12, y + 5)], color.filled()));
            let value = |(place, group): (usize, &Group<'_>)| {
                let middle = f64::from(u32::try_from(place * width + number).unwrap()) + 1.0;
                Text::new(digits(group.values[number]), (middle, group.values[number] * 1.05), centred.clone())
            };
            chart.draw_series(self.groups.iter().enumerate().map(value)).unwrap();
        }
        let below = text(14).pos(Pos::new(HPos::Center, VPos::Top));
        let name = |(place, group): (usize, &Group<'_>)| {
            let half = f64::from(u32::try_from(self.names.len()).unwrap()) / 2.0;
            let middle = f64::from(u32::try_from(place * width).unwrap()) + 0.5 + half;
            EmptyElement::at((middle, bottom)) + Text::new(group.name.to_owned(), (0, 8), below.clone())
        };
        chart.draw_series(self.groups.iter().enumerate().map(name)).unwrap();
        let labels = &mut chart.configure_series_labels();
        labels.position(SeriesLabelPosition::UpperRight).background_style(WHITE.mix(0.8)).label_font(text(13));
        labels.draw().unwrap();
        area.present().unwrap();
    }
}

impl Lines<'_> {
    pub fn draw(&self) {
        let path = root().join("docs/performance").join(self.file);
        let area = SVGBackend::new(&path, SIZE).into_drawing_area();
        area.fill(&WHITE).unwrap();
        let points = || self.lines.iter().flat_map(|line| line.points.iter().copied());
        let mut chart = ChartBuilder::on(&area)
            .caption(self.title, text(20))
            .margin(10)
            .x_label_area_size(45)
            .y_label_area_size(70)
            .build_cartesian_2d(
                scale(points().map(|point| point.0)).log_scale(),
                scale(points().map(|point| point.1)).log_scale(),
            )
            .unwrap();
        let [x, y] = self.axes;
        chart.configure_mesh().x_desc(x).y_desc(y).label_style(text(13)).draw().unwrap();
        for (line, color) in self.lines.iter().zip(COLORS) {
            let series = LineSeries::new(line.points.clone(), color.stroke_width(2)).point_size(4);
            let series = chart.draw_series(series).unwrap();
            series
                .label(&line.name)
                .legend(move |(x, y)| PathElement::new([(x, y), (x + 14, y)], color.stroke_width(2)));
        }
        let labels = &mut chart.configure_series_labels();
        labels.position(SeriesLabelPosition::UpperLeft).background_style(WHITE.mix(0.8)).label_font(text(13));
        labels.draw().unwrap();
        area.present().unwrap();
    }
}
