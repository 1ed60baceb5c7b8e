// Forwarding a file in pieces while it still comes, as a study: real phones forward whole, verified
// files only. Pieces have no events. When a phone has the whole file, what its children could have got
// of it by then is worked out, and only the rest is sent.

internal import BasicContainers

extension Kernel {
    /// The first byte of a file comes to a phone now.
    mutating func streamBegins(to phone: PhoneNumber) {
        guard parameters.forwardPieceBytes > 0 else { return }
        streams[phone.index] = now
    }

    /// The whole file has come to a phone: its children get what they do not have yet.
    ///
    /// A child that joined while the file came is taken to have caught up.
    mutating func forwardPieces(of file: FileNumber, from phone: PhoneNumber) {
        guard parameters.forwardPieceBytes > 0,
            let began = streams.removeValue(forKey: phone.index),
            let index = peers[Int(phone.index)].branchIndex(of: file)
        else { return }
        var children: [IPv4Address] = []
        for slot in 0..<Branch.childLimit {
            let child = peers[Int(phone.index)].branches[index].children[slot]
            if child.isOpen { children.append(child.address) }
        }
        guard !children.isEmpty else { return }
        let bytes = files[Int(file.index)].bytes
        let piece = min(parameters.forwardPieceBytes, bytes)
        let perByte = portCost(phone).perUnit(min(children.count, parameters.uploadsAtOnce))
        let elapsed = UInt128(max((now - began).nanoseconds, 0)) * 1_000
        let forwarded = Int64(clamping: elapsed / UInt128(perByte))
        let rest = max(piece, bytes - min(forwarded, bytes))
        let delay = Interval(
            nanoseconds: Int64(clamping: UInt128(piece) * UInt128(perByte) / 1_000)
        )
        let subnet = Int(phones[Int(phone.index)].subnet)
        for address in children {
            upload(file, rest, from: phone, to: address)
            if let child = subnets[subnet].phone(at: address) {
                streams[child.index] = began + delay
            }
        }
    }
}
