//! A real table of a sheet's first rows, as one string: see [`crate::markup`] for why.

use leptos::prelude::*;

use crate::markup::push_escaped;
use crate::view::ColumnView;

/// Sticky header, numbers right, totals at the foot; scrolls inside itself and by keyboard.
#[component]
pub fn DataTable(
    /// Read instead of a visible caption.
    #[prop(into)]
    caption: String,
    columns: Vec<ColumnView>,
    rows: Vec<Vec<Option<String>>>,
    /// Empty means none.
    #[prop(optional)]
    totals: Vec<Option<String>>,
) -> impl IntoView {
    let label = caption.clone();
    view! {
        <div class="DataTable" role="region" aria-label=label tabindex="0">
            <table inner_html=table_html(&caption, &columns, &rows, &totals)></table>
        </div>
    }
}

fn table_html(
    caption: &str,
    columns: &[ColumnView],
    rows: &[Vec<Option<String>>],
    totals: &[Option<String>],
) -> String {
    let mut html = String::with_capacity(64 * (rows.len() + 2) * columns.len().max(1));
    html.push_str("<caption class=\"visually-hidden\">");
    push_escaped(&mut html, caption);
    html.push_str("</caption><thead><tr>");
    for column in columns {
        html.push_str(if column.is_right {
            "<th scope=\"col\" class=\"right\">"
        } else {
            "<th scope=\"col\">"
        });
        push_escaped(&mut html, &column.title);
        html.push_str("</th>");
    }
    html.push_str("</tr></thead><tbody>");
    for row in rows {
        push_row(&mut html, columns, row);
    }
    html.push_str("</tbody>");
    if !totals.is_empty() {
        html.push_str("<tfoot>");
        push_row(&mut html, columns, totals);
        html.push_str("</tfoot>");
    }
    html
}

fn push_row(html: &mut String, columns: &[ColumnView], row: &[Option<String>]) {
    html.push_str("<tr>");
    for (column, cell) in columns.iter().zip(row) {
        html.push_str(if column.is_right {
            "<td class=\"right\">"
        } else {
            "<td>"
        });
        push_escaped(html, cell.as_deref().unwrap_or_default());
        html.push_str("</td>");
    }
    html.push_str("</tr>");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hostile_cells_stay_text() {
        let columns = [ColumnView {
            title: String::from("이름"),
            is_right: false,
        }];
        let html = table_html(
            "시트",
            &columns,
            &[vec![Some(String::from("<script>"))], vec![None]],
            &[],
        );
        assert!(html.contains("<td>&lt;script&gt;</td>"), "{html}");
        assert!(html.contains("<td></td>"), "{html}");
    }

    #[test]
    fn totals_stand_in_the_foot() {
        let columns = [ColumnView {
            title: String::from("합계"),
            is_right: true,
        }];
        let html = table_html("", &columns, &[], &[Some(String::from("₩1"))]);
        assert!(
            html.ends_with("<tfoot><tr><td class=\"right\">₩1</td></tr></tfoot>"),
            "{html}"
        );
    }
}
