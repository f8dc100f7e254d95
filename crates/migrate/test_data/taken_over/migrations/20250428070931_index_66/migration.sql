-- CreateIndex
CREATE INDEX "Thing9_ownerId_b_idx" ON "Thing9"("ownerId", "b");
