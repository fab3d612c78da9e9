//! Inodes that get a block each, both under locks.
//!
//! C. Flanagan, P. Godefroid: Dynamic partial-order reduction for model checking software. POPL 2005. In SCTBench:
//! `fsbench_ok`.

use logon_core::primitives::Primitives;
use logon_sim::{Judge, Portable, Spawner};

use crate::parts::{Integer, Lock, integers};

/// So many threads on so many inodes and blocks.
pub(crate) struct FileSystem {
    pub(crate) threads: usize,
    pub(crate) inodes: usize,
    pub(crate) blocks: usize,
}

impl<P: Primitives> Portable<P> for FileSystem {
    fn start(&self, actors: &mut Spawner) -> Judge {
        let FileSystem {
            threads,
            inodes,
            blocks,
        } = *self;
        let locks = |what: &str, count| -> Vec<Lock<P>> {
            let numbered = (0..count).map(|number| Lock::new(format!("lock of {what} {number}")));
            numbered.collect()
        };
        let (of_inodes, of_blocks) = (locks("inode", inodes), locks("block", blocks));
        let inode: Vec<Integer<P>> = integers("inode", inodes, 0);
        let busy: Vec<Integer<P>> = integers("block", blocks, 0);
        for thread in 0..threads {
            let (of_inodes, of_blocks) = (of_inodes.clone(), of_blocks.clone());
            let (inode, busy) = (inode.clone(), busy.clone());
            let name = format!("thread {thread}");
            actors.spawn(name.clone(), name, move || {
                let mine = thread % inodes;
                of_inodes[mine].lock();
                if inode[mine].load("has it a block?") == 0 {
                    for further in 0..blocks {
                        let block = (mine * 2 + further) % blocks;
                        of_blocks[block].lock();
                        let is_free = busy[block].load("is it busy?") == 0;
                        if is_free {
                            busy[block].store("take it", 1);
                            inode[mine].store("note it", block as u64 + 1);
                        }
                        of_blocks[block].unlock();
                        if is_free {
                            break;
                        }
                    }
                }
                of_inodes[mine].unlock();
            });
        }
        Judge::new(move |_| {
            let mut blocks: Vec<u64> = inode.iter().map(Integer::peek).collect();
            blocks.sort_unstable();
            blocks.dedup();
            (blocks.len() != inode.len()).then(|| "two inodes have one block".to_owned())
        })
    }
}
