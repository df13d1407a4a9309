// SPDX-License-Identifier: MIT
package import Macha
import MachaInventory
import MachaModel

/// The configuration for people, and its schema for editors.
package enum ConfigurationPage {
    /// Every key with its value and its origin.
    package static func page(_ view: Controller.ConfigurationView) -> Page {
        var table = Table([.init("key"), .init("value", minimum: 12, yields: 1), .init("from")])
        for value in view.values {
            table.append([Cell(value.key, .heading), Cell(value.value, limit: 400), Cell(value.origin, .dim)])
        }
        var page = Page()
        page.table(table, orSay: Cell("nothing"))
        add(view.warnings, to: &page)
        return page
    }

    /// Whether it is sound.
    package static func check(_ view: Controller.ConfigurationView) -> Page {
        var page = Page()
        guard let file = view.file else {
            page.text(Cell("There is no configuration, and none is needed; everything is as it is built in."))
            return page
        }
        page.text(Cell(file, .heading), Cell("is sound.", .ok))
        add(view.warnings, to: &page)
        return page
    }

    private static func add(_ warnings: [String], to page: inout Page) {
        for warning in warnings { page.text(Cell("warning:", .warning), Cell(warning, limit: 800)) }
    }

    /// The schema of the file, as a JSON document.
    package static func schema() throws -> String {
        try JSONText.document(ConfigurationKey.schema)
    }
}
