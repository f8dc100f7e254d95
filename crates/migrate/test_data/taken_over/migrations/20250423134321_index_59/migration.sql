-- CreateIndex
CREATE INDEX "Thing8_ownerId_b_idx" ON "Thing8"("ownerId", "b");
