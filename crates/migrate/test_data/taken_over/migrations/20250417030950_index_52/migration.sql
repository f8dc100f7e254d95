-- CreateIndex
CREATE INDEX "Thing7_ownerId_b_idx" ON "Thing7"("ownerId", "b");
