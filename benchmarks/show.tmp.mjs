import {createHeadroom,memoryStore} from "@headroom/core"; import fs from "node:fs";
const [,,f,mode="balanced",q]=process.argv; const h=createHeadroom(mode==="lossless"?{mode}:{store:memoryStore(),mode}); const r=await h.compressText(fs.readFileSync(f,"utf8"),q?{query:q}:{}); console.log(r.block.outcome,r.block.reason,r.block.kind,r.savings); console.log(r.text);
