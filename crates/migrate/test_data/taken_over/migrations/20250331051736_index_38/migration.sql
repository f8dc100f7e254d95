-- CreateIndex
CREATE INDEX "Thing5_ownerId_b_idx" ON "Thing5"("ownerId", "b");
