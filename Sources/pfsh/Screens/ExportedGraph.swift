// The hierarchies in the language of Graphviz: an arrow from giver to taker, a cluster for each file.

import Interpreter
import PFSRuntime

enum ExportedGraph {
    static func text(_ distribution: Distribution) -> String {
        var files: [(name: String, copies: [Distribution.Copy])] = []
        var places: [String: Int] = [:]
        for copy in distribution.copies {
            let name = distribution.fileName(copy)
            if let place = places[name] {
                files[place].copies.append(copy)
            } else {
                places[name] = files.count
                files.append((name, [copy]))
            }
        }
        var lines = ["digraph pfsh {", "  rankdir=LR;", "  node [shape=box, fontname=monospace];"]
        for (index, file) in files.enumerated() {
            lines.append("  subgraph cluster_\(index) {")
            lines.append("    label=\(quoted(file.name));")
            for copy in file.copies {
                let name = distribution.world.name(of: copy.phone)
                let label = quoted("\(name)\\n\(Elapsed.text(copy.time))")
                lines.append("    \(node(index, name)) [label=\(label)];")
            }
            lines.append("  }")
            for copy in file.copies {
                let giver = distribution.giverName(copy)
                // A server stands outside of the clusters, once for all files.
                let from = copy.giver == nil ? quoted(giver) : node(index, giver)
                let to = node(index, distribution.world.name(of: copy.phone))
                lines.append("  \(from) -> \(to);")
            }
        }
        return (lines + ["}"]).map { $0 + "\n" }.joined()
    }

    private static func node(_ file: Int, _ name: String) -> String { quoted("\(file) \(name)") }

    private static func quoted(_ text: String) -> String {
        "\"" + text.map { $0 == "\"" ? "\\\"" : String($0) }.joined() + "\""
    }
}
